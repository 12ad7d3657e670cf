import pytest

from gilbench.studies.analysis.control import foreign_load
from gilbench.studies.analysis.table import Table


def loads(lab, *, rounds=9, cores=2, cases=None, **machine):
    plan = lab.plan(*(cases or lab.cases()))
    samples = lab.Machine(cores=cores, **machine).samples(plan, rounds)
    return foreign_load(Table.of(plan.cases, samples), cores)


def test_a_quiet_machine_passes(lab):
    assert loads(lab, noise=0.03) == {}


def test_native_threads_without_a_core_fail_the_control(lab):
    found = loads(lab, burned=1, tells_run_queue=False)
    assert list(found) == [2]
    assert "two native threads ran for 67 % of the time, not 100 %" in found[2]


def test_more_workers_than_cores_are_due_their_part(lab):
    cases = lab.cases(workers=4)
    assert loads(lab, cases=cases, tells_run_queue=False) == {}
    assert loads(lab, cases=cases, tells_run_queue=False, burned=0.4) == {}
    assert list(loads(lab, cases=cases, tells_run_queue=False, burned=2)) == [4]


def test_a_collapsed_ceiling_fails_though_its_threads_seemed_to_run(lab):
    # Two virtual cores on half a real one: CPU time is full, and yet the work is not done.
    found = loads(lab, stretch=1.8)
    assert "two native threads did the work of 1.11 on two cores" in found[2]


def test_turbo_and_small_cores_pass(lab):
    assert loads(lab, stretch=1.5) == {}


@pytest.mark.parametrize("workload", ["spin", "mandelbrot", "collatz", "mix:share=0.5"])
def test_what_computes_within_a_core_must_scale(lab, workload):
    found = loads(lab, stretch=1.8, cases=lab.cases(workload))
    assert "did the work of 1.11 on two cores" in found[2]


@pytest.mark.parametrize("workload", ["triad", "chase", "objects"])
def test_a_low_ceiling_of_what_memory_limits_is_physics(lab, workload):
    assert loads(lab, stretch=1.8, cases=lab.cases(workload)) == {}


def test_processes_control_python(lab):
    cases = lab.cases("python", ceiling="processes")
    assert "two processes did the work of 1.11" in loads(lab, cases=cases, stretch=1.8)[2]


@pytest.mark.parametrize("machine", [{"stretch": 1.8}, {"burned": 1, "tells_run_queue": False}])
def test_few_rounds_are_no_evidence_against_a_machine(lab, machine):
    assert loads(lab, rounds=5, **machine) == {}
