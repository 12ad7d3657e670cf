from dataclasses import replace

import pytest

from gilbench.model import Failure, Mode, Rejection, Status, StopReason

FIGURES = ("throughput", "speedup", "ceiling", "bite")


def known(case):
    return {name for name in FIGURES if getattr(case, name) is not None}


def failure(case, reason="it broke", *, status=Status.FAILED, round=0):
    return Failure(case=case, round=round, host=0, status=status, reason=reason)


def without(samples, backend):
    return [sample for sample in samples if sample.case.backend != backend]


def spoil(samples, spoilt, rounds, rejection=Rejection.STEAL):
    return [
        replace(sample, rejection=rejection)
        if sample.case == spoilt and sample.round in rounds
        else sample
        for sample in samples
    ]


def test_good_samples_are_ok(lab):
    findings = lab.analyse(lab.plan(), lab.Machine(noise=0.01).samples(lab.plan()))
    assert {case.status for case in findings.cases} == {Status.OK}
    assert {case.reason for case in findings.cases} == {None}
    assert known(lab.find(findings)) == set(FIGURES)
    assert known(lab.find(findings, "serial", workers=1)) == {"throughput"}
    assert known(lab.find(findings, "native")) == {"throughput", "speedup", "ceiling"}
    assert known(lab.find(findings, "native", workers=1)) == {"throughput", "speedup"}


def test_foreign_load_leaves_what_holds(lab):
    samples = lab.Machine(burned=1).samples(lab.plan(), 14)
    findings = lab.analyse(lab.plan(), samples)
    holding, releasing = lab.find(findings), lab.find(findings, mode=Mode.RELEASE)
    assert holding.status is releasing.status is Status.INCONCLUSIVE
    assert releasing.reason == (
        "14 of 14 samples were rejected: other work took a core (run queue 33 %); "
        "stop it, or run again"
    )
    assert holding.reason.startswith("14 of 14 samples of the ceiling were rejected")
    assert known(releasing) == set()
    assert known(holding) == {"throughput", "speedup"}
    assert holding.losses.gil_wait == pytest.approx(0.5)
    assert releasing.losses.gil_wait == 0
    assert releasing.losses.run_queue == pytest.approx(1 / 3)
    assert (releasing.samples, releasing.rejected) == (14, 14)
    assert lab.find(findings, "serial", workers=1).status is Status.OK


def test_the_partner_that_was_rejected_most_is_named(lab):
    samples = lab.Machine().samples(lab.plan())
    base = lab.case("serial", 1)
    findings = lab.analyse(lab.plan(), spoil(samples, base, range(5)))
    assert lab.find(findings).reason == (
        "5 of 9 samples of the serial base were rejected: other virtual machines took time from "
        "this one (steal); run again when they rest"
    )
    findings = lab.analyse(lab.plan(), spoil(samples, lab.case("native", 1), range(5)))
    assert "5 of 9 samples of the ceiling at one worker" in lab.find(findings).reason
    assert lab.find(findings, "native", workers=1).reason.startswith("5 of 9 samples were rejected")
    assert known(lab.find(findings)) == {"throughput", "speedup"}


def test_rejections_that_leave_six_rounds_are_got_over(lab):
    samples = spoil(lab.Machine().samples(lab.plan()), lab.case(), range(3))
    case = lab.find(lab.analyse(lab.plan(), samples))
    assert (case.status, case.samples, case.rejected) == (Status.OK, 9, 3)


def test_losses_come_from_accepted_samples_where_there_are_six(lab):
    machine, loaded = lab.Machine(), lab.Machine(burned=1)
    releasing = lab.case(mode=Mode.RELEASE)
    samples = [
        (loaded if sample.case == releasing and sample.round < 3 else machine).sample(
            sample.case, sample.round
        )
        for sample in machine.samples(lab.plan())
    ]
    case = lab.find(lab.analyse(lab.plan(), samples), mode=Mode.RELEASE)
    assert case.rejected == 3
    assert case.losses.run_queue == 0


def test_a_short_budget_names_one_that_will_do(lab):
    samples = lab.Machine().samples(lab.plan(), 3)
    findings = lab.analyse(lab.plan(), samples, stop=lab.stop(StopReason.BUDGET, rounds=3))
    case = lab.find(findings)
    assert case.status is Status.INCONCLUSIVE
    # 15 s gave 3 of 6 rounds: twice as long, and a quarter to spare.
    assert case.reason == "only 3 rounds fitted the budget; give --budget 40s"
    assert known(case) == set()
    assert case.losses.gil_wait == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("reason", "rounds", "expected"),
    [
        (StopReason.BUDGET, 1, "only 1 round fitted the budget; give --budget 115s"),
        (StopReason.BUDGET, 0, "no round fitted the budget; give --budget 115s"),
        (StopReason.INTERRUPTED, 4, "only 4 rounds ran before sampling ended, at least 6 are"),
    ],
)
def test_few_rounds_say_why(lab, reason, rounds, expected):
    samples = lab.Machine().samples(lab.plan(), rounds)
    findings = lab.analyse(lab.plan(), samples, stop=lab.stop(reason, rounds))
    assert lab.find(findings).reason.startswith(expected)


def test_a_wide_bite_is_a_guess(lab):
    samples = lab.Machine(noise=0.12).samples(lab.plan(), 8)
    case = lab.find(lab.analyse(lab.plan(), samples), mode=Mode.RELEASE)
    assert case.status is Status.INCONCLUSIVE
    assert case.reason.startswith("the bite is known to ±0.")
    assert "--budget" in case.reason
    assert case.bite is None
    assert case.throughput is not None


def test_a_ceiling_that_moves_under_the_run_is_told(lab):
    samples = [
        replace(
            sample,
            readings=tuple(replace(one, units=one.units * 0.55) for one in sample.readings),
        )
        if sample.case.workers == 2 and sample.round % 2
        else sample
        for sample in lab.Machine().samples(lab.plan(), 12)
    ]
    case = lab.find(lab.analyse(lab.plan(), samples), backend="native", workers=2)
    assert case.status is Status.INCONCLUSIVE
    assert case.reason.startswith("the ceiling itself moved between 1.1")
    assert "run again" in case.reason
    assert "--budget" not in case.reason


def test_a_failed_control_takes_what_needs_several_cores(lab):
    machine = lab.Machine(burned=1, tells_run_queue=False)
    findings = lab.analyse(lab.plan(), machine.samples(lab.plan()))
    case = lab.find(findings)
    assert case.status is Status.INCONCLUSIVE
    assert case.reason.startswith("the control failed: two native threads ran for 67 %")
    assert known(case) == set()
    assert case.losses.gil_wait == pytest.approx(0.5)
    assert lab.find(findings, "native", workers=1).status is Status.OK


def test_the_control_speaks_for_other_workloads_beside_it(lab):
    plan = lab.plan(*lab.cases("triad"), *lab.cases())
    findings = lab.analyse(plan, lab.Machine(stretch=1.8).samples(plan))
    triad = findings.cases[1]
    assert (triad.workload, triad.status) == ("triad", Status.INCONCLUSIVE)


def test_triad_has_a_low_speedup_and_a_small_bite(lab):
    plan = lab.plan(*lab.cases("triad"))
    findings = lab.analyse(plan, lab.Machine(stretch=1.8, noise=0.01).samples(plan))
    case = lab.find(findings, mode=Mode.RELEASE)
    assert case.status is Status.OK
    assert case.speedup.value == pytest.approx(1.11, abs=0.05)
    assert case.bite.value == pytest.approx(0, abs=0.03)
    assert case.losses.hardware == pytest.approx(0.44, abs=0.03)


@pytest.mark.parametrize("status", [Status.FAILED, Status.UNAVAILABLE])
def test_a_case_that_cannot_run_says_why(lab, status):
    samples = [sample for sample in lab.Machine().samples(lab.plan()) if sample.case != lab.case()]
    findings = lab.analyse(lab.plan(), samples, failures=[failure(lab.case(), status=status)])
    case = lab.find(findings)
    assert (case.status, case.reason, case.losses) == (status, "it broke", None)
    assert known(case) == set()
    assert lab.find(findings, mode=Mode.RELEASE).status is Status.OK


def test_a_case_that_broke_in_the_end_has_failed(lab):
    samples = [
        sample
        for sample in lab.Machine().samples(lab.plan())
        if sample.case != lab.case() or sample.round < 4
    ]
    case = lab.find(lab.analyse(lab.plan(), samples, failures=[failure(lab.case(), round=4)]))
    assert (case.status, case.reason, case.samples) == (Status.FAILED, "it broke", 4)


def test_a_case_that_went_on_after_a_failure_is_short_of_rounds_or_ok(lab):
    broke = failure(lab.case(), round=1)
    for rounds, status in ((5, Status.INCONCLUSIVE), (9, Status.OK)):
        samples = [
            sample
            for sample in lab.Machine().samples(lab.plan(), rounds)
            if sample.case != lab.case() or sample.round != 1
        ]
        case = lab.find(lab.analyse(lab.plan(), samples, failures=[broke]))
        assert case.status is status
        assert "it broke" in case.reason


def test_six_samples_outweigh_a_failure_at_the_end(lab):
    broke = failure(lab.case(), round=9)
    findings = lab.analyse(lab.plan(), lab.Machine().samples(lab.plan()), failures=[broke])
    assert lab.find(findings).status is Status.OK


def test_without_its_serial_base_there_is_no_speedup(lab):
    samples = without(lab.Machine().samples(lab.plan()), "serial")
    broke = failure(lab.case("serial", 1))
    case = lab.find(lab.analyse(lab.plan(), samples, failures=[broke]))
    assert case.status is Status.INCONCLUSIVE
    assert case.reason == "no speedup without its serial base: serial: it broke"
    assert known(case) == {"throughput", "ceiling"}
    assert case.losses.useful is None
    assert case.losses.gil_wait == pytest.approx(0.5)


def test_without_a_ceiling_the_speedup_stands(lab):
    samples = without(lab.Machine().samples(lab.plan()), "native")
    refused = [
        failure(lab.case("native", workers), "no compiler", status=Status.UNAVAILABLE)
        for workers in (1, 2)
    ]
    case = lab.find(lab.analyse(lab.plan(), samples, failures=refused))
    assert (case.status, case.reason) == (
        Status.OK,
        "no bite without a ceiling: native: no compiler",
    )
    assert known(case) == {"throughput", "speedup"}


def test_a_plan_without_ceilings_is_fine(lab):
    plan = lab.plan(*lab.cases()[:3])
    case = lab.find(lab.analyse(plan, lab.Machine().samples(plan)))
    assert (case.status, case.reason) == (Status.OK, None)


def test_a_base_that_does_nothing_is_told(lab):
    samples = [
        replace(sample, readings=tuple(replace(one, units=0.0) for one in sample.readings))
        if sample.case.backend == "serial"
        else sample
        for sample in lab.Machine().samples(lab.plan())
    ]
    assert "did no work at all" in lab.find(lab.analyse(lab.plan(), samples)).reason


def test_a_case_that_mostly_does_nothing_is_told(lab):
    samples = [
        replace(sample, readings=tuple(replace(one, units=0.0) for one in sample.readings))
        if sample.case == lab.case() and sample.round < 5
        else sample
        for sample in lab.Machine().samples(lab.plan())
    ]
    case = lab.find(lab.analyse(lab.plan(), samples))
    assert case.reason == (
        "the speedup is 0 in most samples: they did no work at all; give a shorter --grain"
    )


def test_the_last_failure_is_the_one_that_is_told(lab):
    samples = [sample for sample in lab.Machine().samples(lab.plan()) if sample.case != lab.case()]
    twice = [
        failure(lab.case(), "and then this", round=2),
        failure(lab.case(), "first that", round=0),
    ]
    assert lab.find(lab.analyse(lab.plan(), samples, failures=twice)).reason == "and then this"


def test_whoever_asks_for_coarse_figures_gets_them(lab):
    plan = lab.plan(*lab.cases()[:2])
    samples = lab.Machine(noise=0.2).samples(plan, 7)
    case = lab.find(lab.analyse(plan, samples))
    assert case.status is Status.INCONCLUSIVE
    assert case.reason.startswith("the speedup is known to ±")
    assert case.speedup is None
    case = lab.find(lab.analyse(replace(plan, precision=0.6), samples))
    assert case.status is Status.OK


def test_a_hopeless_width_is_no_matter_of_time(lab):
    samples = lab.Machine(noise=0.6).samples(lab.plan(), 7)
    reason = lab.find(lab.analyse(lab.plan(), samples), mode=Mode.RELEASE).reason
    assert reason.endswith("; run again on a quieter machine")
    assert "--budget" not in reason


def test_one_worker_misses_no_ceiling(lab):
    plan = lab.plan(*lab.cases(), lab.case("threads", 1))
    samples = without(lab.Machine().samples(plan), "native")
    case = lab.find(lab.analyse(plan, samples), workers=1)
    assert (case.status, case.reason) == (Status.OK, None)


def test_the_budget_advised_starts_from_what_the_run_took(lab):
    stop = replace(lab.stop(StopReason.BUDGET, rounds=3), elapsed_ns=20_000_000_000)
    findings = lab.analyse(lab.plan(), lab.Machine().samples(lab.plan(), 3), stop=stop)
    assert lab.find(findings).reason.endswith("give --budget 50s")


def test_the_samples_of_the_ceiling_are_its_own(lab):
    samples = spoil(lab.Machine().samples(lab.plan()), lab.case("native", 2), range(5))
    case = lab.find(lab.analyse(lab.plan(), samples), "native")
    assert case.reason.startswith("5 of 9 samples were rejected")


@pytest.mark.parametrize(("disturbed", "queue"), [(7, 0.0), (8, 8 / 10 / 3)])
def test_losses_come_from_all_samples_where_fewer_than_three_were_accepted(lab, disturbed, queue):
    machine, loaded = lab.Machine(), lab.Machine(burned=1)
    samples = [
        (loaded if sample.round < disturbed else machine).sample(sample.case, sample.round)
        for sample in machine.samples(lab.plan(), 10)
    ]
    case = lab.find(lab.analyse(lab.plan(), samples), mode=Mode.RELEASE)
    assert case.rejected == disturbed
    assert case.losses.run_queue == pytest.approx(queue, abs=1e-4)
