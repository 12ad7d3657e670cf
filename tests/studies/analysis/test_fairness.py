from dataclasses import replace

import pytest

from gilbench.model import Fairness, Rejection
from gilbench.studies.analysis.fairness import fairness

MS = 1_000_000


def served(lab, *units, waits=None, turn=0, **changes):
    """A sample whose workers did so many units, and waited so long at most."""
    sample = lab.Machine().sample(lab.case(workers=len(units)), turn)
    readings = tuple(
        replace(one, units=float(done), longest_wait_ns=wait)
        for one, done, wait in zip(sample.readings, units, waits or [0] * len(units), strict=True)
    )
    return replace(sample, readings=readings, **changes)


def test_workers_that_did_the_same_are_served_alike(lab):
    assert fairness([served(lab, 7, 7)]) == Fairness(least=1.0, most=1.0, longest_lockout_ns=0)


def test_least_and_most_are_shares_of_the_mean(lab):
    told = fairness([served(lab, 10, 20, 60)])
    assert (told.least, told.most) == pytest.approx((1 / 3, 2))


def test_shares_are_medians_over_samples_and_the_lock_out_is_the_longest_of_all(lab):
    samples = [
        served(lab, 10, 30, waits=[5 * MS, 7 * MS]),
        served(lab, 19, 21, waits=[42 * MS, 1]),
        served(lab, 16, 24, waits=[0, 0]),
    ]
    told = fairness(samples)
    assert (told.least, told.most) == pytest.approx((0.8, 1.2))
    assert told.longest_lockout_ns == 42 * MS


def test_of_fixed_work_the_quicker_is_the_better_served(lab):
    sample = served(lab, 10, 10, window=False)
    slow, quick = sample.readings
    quick = replace(quick, wall_ns=slow.wall_ns // 3)
    told = fairness([replace(sample, readings=(slow, quick))])
    assert (told.least, told.most) == pytest.approx((0.5, 1.5))


def test_who_cannot_be_stamped_tells_of_no_lock_out(lab):
    told = fairness([served(lab, 10, 30, waits=[None, 3])])
    assert told.least == pytest.approx(0.5)
    assert told.longest_lockout_ns is None


def test_one_worker_is_neither_least_nor_most(lab):
    assert fairness([served(lab, 10)]) is None
    assert fairness([]) is None


def test_samples_in_which_nobody_did_anything_are_passed_over(lab):
    assert fairness([served(lab, 0, 0)]) is None
    assert fairness([served(lab, 0, 0), served(lab, 10, 30)]).least == pytest.approx(0.5)


def test_a_case_tells_of_the_samples_that_count(lab):
    plan = lab.plan()
    uneven = served(lab, 1, 99, waits=[90 * MS, 0], turn=4, rejection=Rejection.STEAL)
    samples = [
        uneven if (sample.case, sample.round) == (lab.case(), 4) else sample
        for sample in lab.Machine().samples(plan)
    ]
    findings = lab.analyse(plan, samples)
    assert lab.find(findings).fairness == Fairness(least=1.0, most=1.0, longest_lockout_ns=50 * MS)
    assert lab.find(findings, "serial", workers=1).fairness is None


def test_two_samples_are_too_few_to_tell(lab):
    plan = lab.plan()
    for rounds, tells in ((2, False), (3, True)):
        findings = lab.analyse(plan, lab.Machine().samples(plan, rounds))
        assert (lab.find(findings).fairness is not None) is tells
