from dataclasses import replace

import pytest

from gilbench.errors import InputError
from gilbench.results import StoredRun, findings_from_json, findings_to_json
from gilbench.studies.analysis import check_comparable, compare
from gilbench.studies.scaling import findings


@pytest.fixture
def run(lab):
    """A stored run of a machine, of `spin` unless a plan says otherwise."""

    def make(plan=None, *, unit_ns=10.0, rounds=12, noise=0.02, seed=1, **environment):
        plan = plan or lab.plan()
        machine = lab.Machine(unit_ns=unit_ns, noise=noise, seed=seed)
        return StoredRun(
            environment=replace(lab.environment(), **environment),
            plan=plan,
            calibrations=(),
            samples=tuple(machine.samples(plan, rounds)),
            failures=(),
            stop=lab.stop(),
            notes=(),
        )

    return make


FREE = {"free_threaded": True, "gil_enabled": False}


def test_known_cost_comes_out_within_its_interval(run):
    compared = compare(run(unit_ns=12.5, seed=2, **FREE), run(unit_ns=10.0))
    [cost] = compared.costs
    assert (cost.workload, cost.grain_ns, cost.reason) == ("spin", 1_000_000, None)
    assert cost.ratio.low <= 0.8 <= cost.ratio.high
    assert cost.ratio.value == pytest.approx(0.8, rel=0.02)
    assert 0 < cost.ratio.high - cost.ratio.low < 0.1


def test_names_both_builds(run):
    compared = compare(run(seed=2, **FREE), run(python="3.13.4", debug=True))
    assert compared.this == "cpython 3.13.5, free-threaded, GIL off"
    assert compared.that == "cpython 3.13.4, GIL on, debug build"
    assert compared.rival == "the GIL build"
    assert compared.started_at == "2026-01-01T00:00:00Z"
    assert compared.cautions == ()
    assert compare(run(), run(**FREE)).rival == "the free-threaded build"
    assert compare(run(), run(python="3.14.0", jit=True)).that.endswith("GIL on, JIT on")
    assert compare(run(), run()).rival == "the other run"


def test_a_gil_that_came_on_is_on(run):
    free = run(**FREE)
    back = replace(
        free, samples=tuple(replace(sample, gil_enabled=True) for sample in free.samples)
    )
    assert compare(back, run()).this == "cpython 3.13.5, free-threaded, GIL on"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("gilbench", "2", "the two runs differ in the version of gilbench: 1 here, 2 in the other"),
        ("cpu", "a better one", "the two runs differ in the processor"),
        ("cores", 8, "the two runs differ in the number of cores: 2 here, 8 in the other"),
        ("machine", "arm64", "the two runs differ in the architecture"),
        ("hypervisor", "KVM", "the virtual machine: not known here, KVM in the other"),
        ("governor", "powersave", "the frequency governor"),
        ("turbo", False, "the turbo: not known here, False in the other"),
    ],
)
def test_another_machine_is_a_caution_and_no_refusal(run, field, value, said):
    compared = compare(run(), run(**{field: value}))
    [caution] = compared.cautions
    assert said in caution.what
    assert "both" in caution.advice
    assert compared.costs[0].ratio is not None


def test_a_kernel_with_other_instructions_is_a_caution_where_it_was_compared(run, lab):
    def variants(name):
        return {"kernel_variants": {"triad": name}}

    triad = lab.plan(*lab.cases("triad"))
    [caution] = compare(run(triad, **variants("avx2")), run(triad, **variants("sse2"))).cautions
    assert "the instructions of triad: avx2 here, sse2 in the other" in caution.what
    assert compare(run(**variants("avx2")), run(**variants("sse2"))).cautions == ()


def test_workloads_are_paired_by_name_and_grain(run, lab):
    here = lab.plan(*lab.cases(), *lab.cases("python", ceiling="processes"))
    there = lab.plan(*lab.cases("python", ceiling="processes"), *lab.cases("triad"))
    spin, python = compare(run(here), run(there)).costs
    assert (spin.workload, spin.ratio, spin.reason) == ("spin", None, "not in the other run")
    assert python.workload == "python"
    assert python.ratio is not None


def test_runs_with_nothing_in_common_are_refused(run, lab):
    other = lab.plan(*lab.cases("triad"))
    said = (
        r"^there is nothing to compare: no workload is in both runs with the same grain "
        r"\(here spin; in the other triad\)$"
    )
    with pytest.raises(InputError, match=said):
        compare(run(), run(other))
    coarse = lab.plan(*(replace(case, grain_ns=5_000_000) for case in lab.cases()))
    with pytest.raises(InputError, match="here spin:grain=1ms; in the other spin:grain=5ms"):
        check_comparable(lab.plan(), coarse)
    with pytest.raises(InputError, match="in the other no serial base"):
        check_comparable(lab.plan(), lab.plan(lab.case()))
    check_comparable(lab.plan(), lab.plan())


@pytest.mark.parametrize(
    ("here", "there", "whose"), [(3, 12, "this run"), (12, 5, "the other run")]
)
def test_too_few_rounds_give_no_ratio_but_a_reason(run, here, there, whose):
    [cost] = compare(run(rounds=here), run(rounds=there)).costs
    assert cost.ratio is None
    assert cost.reason == (
        f"{min(here, there)} good rounds of one worker in {whose}, at least 6 are needed"
    )


def test_the_same_runs_give_the_same_interval(run):
    this, that = run(seed=2), run()
    assert compare(this, that) == compare(this, that)


def test_findings_with_all_of_it_survive_json(run, lab):
    plan = lab.plan(*lab.cases(), lab.case(workers=4), lab.case("native", 4))
    this = run(plan, seed=2, **FREE)
    found = findings(this, against=run())
    assert found.against is not None
    assert found.curves
    assert any(case.fairness for case in found.cases)
    assert findings_from_json(findings_to_json(found)) == found
