from dataclasses import replace

import pytest

from gilbench.model import Mode, Rejection
from gilbench.studies.analysis.pairs import pair
from gilbench.studies.analysis.table import Table


def pairs_of(lab, case, samples, plan=None):
    table = Table.of((plan or lab.plan()).cases, samples)
    return pair(table, case, table.partners(case))


def test_drift_between_rounds_cancels_out(lab):
    samples = lab.Machine(drift=0.3).samples(lab.plan())
    pairs = pairs_of(lab, lab.case(), samples)
    assert max(pairs.throughput.values) > 1.2 * min(pairs.throughput.values)
    assert pairs.speedup.values == pytest.approx([1.0] * 9)
    assert pairs.ceiling.values == pytest.approx([2.0] * 9)
    assert pairs.bite.values == pytest.approx([0.5] * 9)
    assert pairs.bite.hosts == (0, 1, 2) * 3


def test_a_rejected_sample_takes_its_pairs_with_it(lab):
    samples = [
        replace(sample, rejection=Rejection.STEAL)
        if (sample.case.backend, sample.case.workers, sample.round) == ("native", 1, 4)
        else sample
        for sample in lab.Machine().samples(lab.plan())
    ]
    pairs = pairs_of(lab, lab.case(), samples)
    assert len(pairs.throughput.values) == len(pairs.speedup.values) == 9
    assert len(pairs.ceiling.values) == len(pairs.bite.values) == 8
    assert pairs.bite.hosts == (0, 1, 2, 0, 2, 0, 1, 2)


def test_bites_are_not_clamped(lab):
    fast = lab.Machine(unit_ns=8.0).samples(lab.plan(lab.case(mode=Mode.RELEASE)))
    slow = lab.Machine().samples(lab.plan(*(c for c in lab.cases() if c.backend != "threads")))
    pairs = pairs_of(lab, lab.case(mode=Mode.RELEASE), [*fast, *slow])
    assert pairs.bite.values == pytest.approx([-0.25] * 9)


def test_the_base_has_no_speedup_and_the_ceiling_no_bite(lab):
    samples = lab.Machine().samples(lab.plan())
    assert pairs_of(lab, lab.case("serial", 1), samples).speedup is None
    ceiling = pairs_of(lab, lab.case("native", 2), samples)
    assert ceiling.speedup.values == ceiling.ceiling.values == pytest.approx([2.0] * 9)
    assert ceiling.bite is None


def test_one_worker_has_a_speedup_and_neither_ceiling_nor_bite(lab):
    plan = lab.plan(*lab.cases(), lab.case("threads", 1))
    pairs = pairs_of(lab, lab.case("threads", 1), lab.Machine().samples(plan), plan)
    assert pairs.speedup.values == pytest.approx([1.0] * 9)
    assert pairs.ceiling is None
    assert pairs.bite is None


def test_a_base_that_did_nothing_pairs_with_nothing(lab):
    samples = [
        replace(sample, readings=tuple(replace(one, units=0.0) for one in sample.readings))
        if sample.case.backend == "serial" and sample.round < 3
        else sample
        for sample in lab.Machine().samples(lab.plan())
    ]
    assert len(pairs_of(lab, lab.case(), samples).speedup.values) == 6
