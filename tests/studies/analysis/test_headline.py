from dataclasses import replace

import pytest

from gilbench.model import Failure, Mode, Rejection, Status, StopReason

FUNCTION = "mymodule:work"


def say(lab, *cases, machine=None, rounds=9, failures=(), reason=StopReason.PRECISION, **where):
    plan = lab.plan(*cases)
    failed = {failure.case for failure in failures}
    samples = [
        sample
        for sample in (machine or lab.Machine()).samples(plan, rounds)
        if sample.case not in failed
    ]
    return lab.analyse(
        plan,
        samples,
        environment=lab.environment(**where),
        failures=failures,
        stop=lab.stop(reason, rounds),
    ).headline


def failure(case, status=Status.FAILED):
    return Failure(case=case, round=0, host=0, status=status, reason="it broke")


def function(lab, *more):
    """The cases of a user's function, which cannot detach, and has processes as its ceiling."""
    cases = (case for case in lab.cases(FUNCTION, ceiling="processes") if case.mode is Mode.HOLD)
    return (*cases, *more)


def test_holding_and_releasing(lab):
    assert say(lab) == (
        "On this machine two threads that hold the GIL do the work of 1.00; releasing it, 2.00 of "
        "a possible 2.00. Holding, they spent 50 % of their time waiting for the GIL."
    )


def test_holding_alone(lab):
    cases = [case for case in lab.cases() if case.mode is Mode.HOLD]
    assert say(lab, *cases).startswith(
        "On this machine two threads that hold the GIL do the work of 1.00 of a possible 2.00. "
        "Holding, they spent 50 %"
    )


def test_releasing_alone(lab):
    cases = [case for case in lab.cases() if case != lab.case()]
    assert say(lab, *cases) == (
        "On this machine two threads that release the GIL do the work of 2.00 of a possible 2.00."
    )


def test_spin_comes_before_other_workloads_and_many_workers_before_few(lab):
    cases = (
        *lab.cases("triad", workers=4),
        *lab.cases(workers=2),
        *lab.cases(workers=4)[1:4],
    )
    assert say(lab, *cases, machine=lab.Machine(cores=4), cores=4).startswith(
        "On this machine four threads that hold the GIL do the work of 1.00; releasing it, 4.00"
    )


def test_other_workloads_are_named(lab):
    assert say(lab, *lab.cases("mix:share=0.5")).startswith(
        "On this machine, with mix:share=0.5, two threads that hold the GIL do the work of 1.00;"
    )


def test_more_than_ten_are_digits(lab):
    cases = lab.cases(workers=16)
    assert "16 threads that" in say(lab, *cases, machine=lab.Machine(cores=16), cores=16)


def test_free_threaded(lab):
    machine = lab.Machine(gil=False)
    assert say(lab, machine=machine, free_threaded=True, gil_enabled=False) == (
        "On this free-threaded build two threads that stay attached do the work of 2.00; "
        "detaching, 2.00 of a possible 2.00. The GIL is off: nobody waited for it."
    )


def test_free_threaded_with_its_gil_on(lab):
    assert say(lab, free_threaded=True).startswith(
        "On this free-threaded build, its GIL on, two threads that hold the GIL do the work of 1"
    )


def test_free_threads_that_wait_all_the_same(lab):
    said = say(lab, free_threaded=True, gil_enabled=False)
    assert said.endswith("Attached, they spent 50 % of their time waiting to attach.")


def test_a_function_that_the_gil_holds_up(lab):
    machine = lab.Machine(stamped=False)
    assert say(lab, *function(lab), machine=machine) == (
        "On this machine, with mymodule:work, two threads do the work of 1.00 of a possible 2.00 "
        "(independent processes): the GIL takes 50 % of their time (inferred); run it in processes "
        "(2.00)."
    )


def test_the_fastest_other_way_is_advised(lab):
    own_gil = lab.case("interpreters", 2, workload=FUNCTION)
    plan = lab.plan(*function(lab, own_gil))
    slow, fast = lab.Machine(stamped=False, unit_ns=12), lab.Machine(stamped=False)
    samples = [
        (slow if sample.case.backend == "processes" else fast).sample(sample.case, sample.round)
        for sample in fast.samples(plan)
    ]
    assert lab.analyse(plan, samples).headline.endswith("run it in subinterpreters (2.00).")


def test_no_advice_to_move_where_nothing_is_gained(lab):
    machine = lab.Machine(stamped=False, stretch=1.95)
    slow = replace(machine, stretch=1.0)
    plan = lab.plan(*function(lab))
    samples = [
        (slow if sample.case.backend == "threads" else machine).sample(sample.case, sample.round)
        for sample in machine.samples(plan)
    ]
    said = lab.analyse(plan, samples).headline
    assert said.endswith("the GIL takes 50 % of their time (inferred).")


def test_a_function_that_threads_serve_well(lab):
    # It sleeps 80 % of the time: alone too, so that the GIL has nothing to do with it.
    machine = lab.Machine(stamped=False, gil=False, blocks=0.8)
    said = say(lab, *function(lab), machine=machine)
    assert said.endswith("of a possible 2.00 (independent processes): threads serve it well.")


def test_a_function_that_loses_to_something_else(lab):
    machine = lab.Machine(stamped=False, gil=False, overhead=0.3)
    plan = lab.plan(*function(lab))
    quick = replace(machine, overhead=0.0)
    samples = [
        (machine if sample.case.workers == 2 else quick).sample(sample.case, sample.round)
        for sample in machine.samples(plan)
    ]
    for gil_enabled, start in ((True, "the GIL is not why"), (False, "the GIL is off")):
        where = lab.environment(free_threaded=not gil_enabled, gil_enabled=gil_enabled)
        said = lab.analyse(plan, samples, environment=where).headline
        assert said.endswith(f": {start}; overhead takes 30 % of their time.")


def test_python_has_one_mode_and_processes_for_a_ceiling(lab):
    cases = [case for case in lab.cases("python", ceiling="processes") if case.mode is Mode.HOLD]
    assert say(lab, *cases, machine=lab.Machine(stamped=False)) == (
        "On this machine, with python, two threads that hold the GIL do the work of 1.00 of a "
        "possible 2.00 (independent processes). Holding, they spent 50 % of their time (inferred) "
        "waiting for the GIL."
    )


def test_under_foreign_load_it_says_what_holds(lab):
    assert say(lab, machine=lab.Machine(burned=1)) == (
        "Inconclusive for two threads: 9 of 9 samples of the ceiling were rejected: other work "
        "took a core (run queue 33 %); stop it, or run again. What holds: two threads that hold "
        "the GIL do the work of 1.00. Holding, they spent 50 % of their time waiting for the GIL."
    )


def test_without_any_figure_the_gil_wait_still_holds(lab):
    said = say(lab, rounds=2, reason=StopReason.BUDGET)
    assert said == (
        "Inconclusive for two threads: only 2 rounds fitted the budget; give --budget 60s. What "
        "holds: holding, they spent 50 % of their time waiting for the GIL."
    )


def test_an_inconclusive_function_still_says_what_the_gil_takes(lab):
    said = say(lab, *function(lab), machine=lab.Machine(stamped=False), rounds=2)
    assert said.startswith("Inconclusive for two threads (mymodule:work): only 2 rounds ran")
    assert said.endswith("What holds: the GIL takes 50 % of their time (inferred).")


def test_one_mode_that_failed_does_not_silence_the_other(lab):
    releasing = lab.case(mode=Mode.RELEASE)
    assert say(lab, failures=[failure(releasing)]) == (
        "On this machine two threads that hold the GIL do the work of 1.00 of a possible 2.00. "
        "Releasing it failed: it broke. Holding, they spent 50 % of their time waiting for the GIL."
    )


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (Status.FAILED, "Two threads failed: it broke."),
        (Status.UNAVAILABLE, "Two threads cannot run here: it broke."),
    ],
)
def test_threads_that_cannot_run(lab, status, expected):
    broken = [failure(lab.case(), status), failure(lab.case(mode=Mode.RELEASE), status)]
    assert say(lab, failures=broken) == expected


def test_without_a_serial_base(lab):
    said = say(lab, *lab.cases()[1:])
    assert said.startswith("Two threads cannot be compared: there is no serial base.")
    assert said.endswith("What holds: holding, they spent 50 % of their time waiting for the GIL.")


def test_without_threads_the_first_other_way(lab):
    cases = [case for case in lab.cases() if case.backend != "threads"]
    assert say(lab, lab.case("interpreters", 2), *cases) == (
        "On this machine two subinterpreters do the work of 2.00 of a possible 2.00."
    )


def test_processes_that_are_the_ceiling_are_not_compared_with_themselves(lab):
    cases = [case for case in function(lab) if case.backend != "threads"]
    assert say(lab, *cases) == (
        "On this machine, with mymodule:work, two processes do the work of 2.00."
    )


def test_one_core(lab):
    said = say(lab, machine=lab.Machine(cores=1), cores=1)
    assert said.startswith("This process may use one core: nothing can scale here.")


def test_one_worker(lab):
    cases = (lab.case("serial", 1), lab.case("threads", 1))
    assert say(lab, *cases).startswith("Only one worker was measured: give --workers 2 or more")


def test_an_inconclusive_function_is_told_once_what_the_gil_takes(lab):
    machine = lab.Machine(stamped=False, burned=1)
    said = say(lab, *function(lab), machine=machine)
    assert said.startswith("Inconclusive for two threads (mymodule:work): 9 of 9 samples of the")
    assert said.endswith(
        "What holds: two threads do the work of 1.00: the GIL takes 50 % of their time (inferred)."
    )


def test_a_rival_without_a_verdict_is_not_advised(lab):
    machine = lab.Machine(stamped=False)
    plan = lab.plan(*function(lab, lab.case("interpreters", 2, workload=FUNCTION)))
    samples = [
        replace(sample, rejection=Rejection.STEAL)
        if sample.case.backend == "processes" and sample.case.workers == 1 and sample.round < 5
        else sample
        for sample in machine.samples(plan)
    ]
    findings = lab.analyse(plan, samples)
    assert findings.cases[-1].status is Status.INCONCLUSIVE
    assert findings.cases[-1].speedup is not None
    assert "run it in" not in findings.headline


def test_modes_matter_to_threads_only(lab):
    cases = [case for case in lab.cases() if case.backend != "threads"]
    both = [lab.case("interpreters", 2, mode) for mode in Mode]
    assert say(lab, *both, *cases) == (
        "On this machine two subinterpreters do the work of 2.00 of a possible 2.00."
    )


def test_a_wait_of_nothing_is_told_of_those_who_hold(lab):
    assert say(lab, machine=lab.Machine(gil=False)).endswith(
        "Holding, they spent 0 % of their time waiting for the GIL."
    )


def test_small_losses_are_not_named(lab):
    machine = lab.Machine(stamped=False, gil=False)
    plan = lab.plan(*function(lab))
    slow = replace(machine, unit_ns=12.0, tells_cpu=False)
    samples = [
        (slow if sample.case == lab.case(workload=FUNCTION) else machine).sample(
            sample.case, sample.round
        )
        for sample in machine.samples(plan)
    ]
    assert lab.analyse(plan, samples).headline.endswith(": the GIL is not why.")


def test_a_gil_that_came_on_is_on(lab):
    samples = [replace(one, gil_enabled=True) for one in lab.Machine().samples(lab.plan())]
    off = lab.environment(free_threaded=True, gil_enabled=False)
    assert lab.analyse(lab.plan(), samples, environment=off).headline.startswith(
        "On this free-threaded build, its GIL on, two threads that hold the GIL do the work"
    )


def test_several_grains_of_a_workload_are_told_apart(lab):
    fine = [replace(case, grain_ns=100_000) for case in lab.cases()]
    assert say(lab, *lab.cases(), *fine).startswith(
        "On this machine, with spin:grain=1ms, two threads that hold the GIL do the work of 1.00;"
    )
