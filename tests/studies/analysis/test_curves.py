from dataclasses import replace

import pytest

from gilbench.model import Failure, Mode, Status
from gilbench.studies.analysis.laws import amdahl

CORES = 8
TWO_POINTS = "no fit: two points are not enough for one (1 and 2 workers, the base included)"


def planned(lab, *counts, ways=("threads",)):
    """Serial, the ceiling at one worker and at each count, and every way at each count."""
    cases = [lab.case("serial", 1)]
    cases += [lab.case("native", count, Mode.RELEASE) for count in sorted({1, *counts})]
    cases += [lab.case(way, count) for way in ways for count in counts]
    return lab.plan(*cases)


def measured(lab, plan, law, *, rounds=12, cores=CORES, noise=0.0):
    """Samples of threads that do what `law` says of their number; native ones lose nothing."""
    machine = lab.Machine(cores=64, gil=False, noise=noise, drift=noise)
    samples = []
    for sample in machine.samples(plan, rounds):
        n = sample.case.workers
        share = law(n) / n if sample.case.backend == "threads" else 1.0
        readings = tuple(replace(one, units=one.units * share) for one in sample.readings)
        samples.append(replace(sample, readings=readings))
    return samples


def found(lab, plan, samples, *, cores=CORES, backend="threads"):
    environment = lab.environment(cores=cores)
    curves = lab.analyse(plan, samples, environment=environment).curves
    [curve] = [curve for curve in curves if curve.backend == backend]
    return curve


def amdahls(serial):
    return lambda n: 1 / (serial + (1 - serial) / n)


def gunthers(contention, coherency):
    return lambda n: n / (1 + contention * (n - 1) + coherency * n * (n - 1))


def test_known_serial_share_comes_out_within_its_interval(lab):
    plan = planned(lab, 2, 4, 8)
    curve = found(lab, plan, measured(lab, plan, amdahls(0.2), noise=0.02))
    share = curve.amdahl.serial_share
    assert share.low <= 0.2 <= share.high
    assert share.value == pytest.approx(0.2, abs=0.02)
    assert 0 < share.high - share.low < 0.1
    assert curve.gunther.coherency.low <= 0 <= curve.gunther.coherency.high
    assert curve.reason is None


def test_known_coherency_comes_out(lab):
    plan = planned(lab, 2, 4, 8)
    curve = found(lab, plan, measured(lab, plan, gunthers(0.05, 0.02), noise=0.01))
    contention, coherency = curve.gunther.contention, curve.gunther.coherency
    assert contention.low <= 0.05 <= contention.high
    assert coherency.low <= 0.02 <= coherency.high
    assert coherency.low > 0


def test_a_speedup_of_more_than_the_workers_is_a_negative_share(lab):
    plan = planned(lab, 2, 4)
    curve = found(lab, plan, measured(lab, plan, lambda n: n * 1.1))
    assert curve.amdahl.serial_share.high < 0
    assert curve.points[1].serial_share.value < 0


def test_points_are_the_base_and_the_speedups_with_karp_and_flatts_share(lab):
    plan = planned(lab, 2, 4)
    findings = lab.analyse(
        plan, measured(lab, plan, amdahls(0.3)), environment=lab.environment(cores=4)
    )
    [curve] = [curve for curve in findings.curves if curve.backend == "threads"]
    base, *others = curve.points
    assert (base.workers, base.speedup.value, base.serial_share) == (1, 1.0, None)
    assert [point.workers for point in others] == [2, 4]
    for point in others:
        case = lab.find(findings, workers=point.workers)
        assert point.speedup == case.speedup
        assert point.serial_share.value == pytest.approx(0.3)


def test_one_worker_that_was_asked_for_is_the_base_all_the_same(lab):
    plan = planned(lab, 1, 2, 4)
    samples = measured(lab, plan, lambda n: 0.9 if n == 1 else amdahls(0.3)(n))
    curve = found(lab, plan, samples)
    assert (curve.points[0].workers, curve.points[0].speedup.value) == (1, 1.0)
    assert curve.amdahl.serial_share.value == pytest.approx(0.3)


def test_the_hardware_has_a_curve_too(lab):
    plan = planned(lab, 2, 4)
    curve = found(lab, plan, measured(lab, plan, amdahls(0.3)), backend="native")
    assert curve.amdahl.serial_share.value == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("counts", [(2,), (4,)])
def test_who_asks_for_one_count_gets_no_curve(lab, counts):
    plan = planned(lab, *counts)
    findings = lab.analyse(plan, measured(lab, plan, amdahls(0.3)))
    assert findings.curves == ()


@pytest.mark.parametrize("backend", ["native", "processes"])
def test_two_points_of_what_may_be_a_base_are_not_enough_either(lab, backend):
    cases = [lab.case("serial", 1), lab.case(backend, 1), lab.case(backend, 2)]
    for counts, reasons in (
        ((1, 2), [TWO_POINTS]),
        ((2,), []),
        ((), []),  # older files do not tell whether one worker was asked for
    ):
        plan = replace(lab.plan(*cases), workers=counts)
        curves = lab.analyse(plan, measured(lab, plan, amdahls(0.3))).curves
        assert [curve.reason for curve in curves] == reasons


def test_two_points_are_not_enough(lab):
    plan = planned(lab, 1, 2)
    curve = found(lab, plan, measured(lab, plan, amdahls(0.3)))
    assert curve.amdahl is None
    assert curve.gunther is None
    assert curve.reason == TWO_POINTS
    assert curve.points[1].serial_share.value == pytest.approx(0.3)


def test_more_workers_than_cores_are_shown_but_not_fitted(lab):
    plan = planned(lab, 2, 4, 8)
    samples = measured(lab, plan, lambda n: amdahls(0.3)(min(n, 4)))
    curve = found(lab, plan, samples, cores=4)
    assert [point.workers for point in curve.points if not point.fitted] == [8]
    assert curve.points[-1].serial_share is None
    assert curve.amdahl.serial_share.value == pytest.approx(0.3)
    assert curve.reason == "left out: 8 workers, more than the cores (4)"


def test_on_two_cores_no_curve_can_be_fitted_and_both_reasons_stand(lab):
    plan = planned(lab, 1, 2, 4, 8)
    curve = found(lab, plan, measured(lab, plan, amdahls(0.3)), cores=2)
    assert curve.reason == (
        "no fit: two points are not enough for one (1 and 2 workers, the base included); "
        "left out: 4 and 8 workers, more than the cores (2)"
    )


def test_a_count_whose_figures_do_not_hold_is_left_out(lab):
    plan = planned(lab, 2, 4, 8)
    samples = [
        sample
        for sample in measured(lab, plan, amdahls(0.3))
        if not (sample.case.backend == "threads" and sample.case.workers == 4 and sample.round > 2)
    ]
    curve = found(lab, plan, samples)
    assert [point.workers for point in curve.points] == [1, 2, 8]
    assert curve.amdahl.serial_share.value == pytest.approx(0.3)
    assert curve.reason == "left out: 4 workers, whose figures do not hold"


def test_a_speedup_beside_an_unsteady_ceiling_is_none_that_holds(lab):
    cases = [replace(case, workload="triad") for case in planned(lab, 2, 4).cases]
    plan = lab.plan(*cases)
    samples = [
        replace(
            sample,
            readings=tuple(
                replace(one, units=one.units * (0.4 if sample.round % 2 else 1.0))
                for one in sample.readings
            ),
        )
        if (sample.case.backend, sample.case.workers) == ("native", 4)
        else sample
        for sample in measured(lab, plan, amdahls(0.3))
    ]
    findings = lab.analyse(plan, samples, environment=lab.environment(cores=CORES))
    case = lab.find(findings, workers=4)
    assert case.status is Status.INCONCLUSIVE
    assert case.speedup is not None
    assert [point.workers for point in found(lab, plan, samples).points] == [1, 2]


def test_without_a_speedup_that_holds_there_is_no_point(lab):
    plan = planned(lab, 2, 4)
    curve = found(lab, plan, measured(lab, plan, amdahls(0.3), rounds=3))
    assert curve.points == ()
    assert curve.reason == "no fit: at no worker count does the speedup hold"


def test_a_round_that_lacks_a_point_is_no_round_of_the_fit(lab):
    # Each count has its six rounds, but only four have both.
    plan = planned(lab, 2, 4)
    samples = [
        sample
        for sample in measured(lab, plan, amdahls(0.3), rounds=8)
        if not (
            sample.case.backend == "threads"
            and (sample.case.workers, sample.round) in {(2, 0), (2, 1), (4, 2), (4, 3)}
        )
    ]
    findings = lab.analyse(plan, samples, environment=lab.environment(cores=CORES))
    assert lab.find(findings, workers=4).status is Status.OK
    curve = found(lab, plan, samples)
    assert curve.amdahl is None
    assert curve.reason == (
        "no fit: only 4 rounds of at least 6 went well for all of its points; "
        "give a longer --budget"
    )


def test_drift_from_round_to_round_moves_no_fit(lab):
    plan = planned(lab, 2, 4)
    samples = [
        replace(
            sample,
            readings=tuple(
                replace(one, units=one.units / (1 + sample.round)) for one in sample.readings
            ),
        )
        for sample in measured(lab, plan, amdahls(0.3))
    ]
    share = found(lab, plan, samples).amdahl.serial_share
    assert (share.low, share.value, share.high) == pytest.approx((0.3, 0.3, 0.3))


def test_a_way_that_cannot_run_here_has_no_curve(lab):
    plan = planned(lab, 2, 4, ways=("threads", "interpreters"))
    samples = [
        sample
        for sample in measured(lab, plan, amdahls(0.3))
        if sample.case.backend != "interpreters"
    ]
    failures = [
        Failure(case=case, round=0, host=0, status=Status.UNAVAILABLE, reason="not here")
        for case in plan.cases
        if case.backend == "interpreters"
    ]
    curves = lab.analyse(plan, samples, failures=failures).curves
    assert {curve.backend for curve in curves} == {"native", "threads"}


def test_speedups_that_no_machine_has_break_nothing(lab):
    plan = planned(lab, 2, 4)
    samples = measured(lab, plan, lambda n: 1e-60 if n == 2 else 1e60)
    assert found(lab, plan, samples).amdahl is None


def test_the_law_is_the_one_of_the_module(lab):
    plan = planned(lab, 2, 4)
    samples = measured(lab, plan, gunthers(0.1, 0.05))
    share = found(lab, plan, samples).amdahl.serial_share.value
    assert share == pytest.approx(amdahl({n: gunthers(0.1, 0.05)(n) for n in (2, 4)}))
