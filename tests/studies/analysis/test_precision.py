from dataclasses import replace

from gilbench.model import Failure, Rejection, Status
from gilbench.studies.analysis import precise_enough


def failure(case, status=Status.FAILED, round=0):
    return Failure(case=case, round=round, host=0, status=status, reason="it broke")


def test_narrow_intervals_are_enough(lab):
    assert precise_enough(lab.plan(), lab.Machine(noise=0.005).samples(lab.plan(), 6))


def test_fewer_than_six_rounds_are_not(lab):
    assert not precise_enough(lab.plan(), lab.Machine().samples(lab.plan(), 5))
    assert not precise_enough(lab.plan(), [])


def test_rejected_rounds_do_not_count(lab):
    samples = lab.Machine().samples(lab.plan(), 6)
    for case in lab.cases():
        spoilt = [
            replace(sample, rejection=Rejection.STEAL)
            if sample.case == case and sample.round == 3
            else sample
            for sample in samples
        ]
        assert not precise_enough(lab.plan(), spoilt)


def test_a_wide_speedup_is_not_enough_until_the_plan_allows_it(lab):
    samples = lab.Machine(noise=0.04).samples(lab.plan(), 7)
    assert not precise_enough(lab.plan(), samples)
    threads_only = lab.plan(*lab.cases()[:2], precision=0.2)
    assert precise_enough(threads_only, samples)


def test_a_wide_bite_is_not_enough_however_coarse_the_plan(lab):
    samples = lab.Machine(noise=0.08).samples(lab.plan(), 7)
    assert not precise_enough(lab.plan(precision=0.5), samples)


def test_cases_that_cannot_run_are_left_out(lab):
    missing = lab.case("interpreters", 2)
    plan = lab.plan(*lab.cases(), missing)
    samples = lab.Machine().samples(lab.plan())
    assert not precise_enough(plan, samples)
    assert precise_enough(plan, samples, [failure(missing, Status.UNAVAILABLE)])


def test_a_failure_that_a_case_got_over_does_not_leave_it_out(lab):
    samples = lab.Machine().samples(lab.plan(), 5)
    threads = lab.case()
    others = lab.Machine().samples(lab.plan(*(c for c in lab.cases() if c != threads)), 9)
    ended = [sample for sample in samples if sample.case == threads]
    assert precise_enough(lab.plan(), [*others, *ended], [failure(threads, round=6)])
    assert not precise_enough(lab.plan(), [*others, *ended], [failure(threads, round=2)])


def test_a_wide_speedup_is_not_enough_where_there_is_no_bite(lab):
    plan = lab.plan(*lab.cases()[:2])
    assert not precise_enough(plan, lab.Machine(noise=0.08).samples(plan, 7))
