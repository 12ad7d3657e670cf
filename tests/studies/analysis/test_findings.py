from dataclasses import replace
from random import Random

import pytest

from gilbench.model import Mode, Status
from gilbench.results.version import RUN_VERSION


def test_truth_in_truth_out(lab):
    machine = lab.Machine(cores=4, noise=0.02, drift=0.1, overhead=0.05, stretch=1.1)
    plan = lab.plan(*lab.cases(workers=4))
    findings = lab.analyse(plan, machine.samples(plan, 15), environment=lab.environment(cores=4))
    truth = {Mode.HOLD: 0.95 / 1.1, Mode.RELEASE: 4 * 0.95 / 1.1}
    for mode, speedup in truth.items():
        case = lab.find(findings, mode=mode, workers=4)
        assert case.status is Status.OK
        assert case.speedup.low <= speedup <= case.speedup.high
        assert case.speedup.value == pytest.approx(speedup, rel=0.03)
        assert case.ceiling.value == pytest.approx(4 / 1.1, rel=0.03)
        assert case.ceiling.source == "native"
        assert case.bite.value == pytest.approx(1 - speedup / (4 / 1.1), abs=0.03)
    assert lab.find(findings, workers=4).losses.gil_wait == pytest.approx(0.75)


def test_cases_come_in_the_order_of_the_plan(lab):
    samples = lab.Machine().samples(lab.plan())
    Random(3).shuffle(samples)
    findings = lab.analyse(lab.plan(), samples)
    assert [(case.backend, case.mode, case.workers) for case in findings.cases] == [
        (case.backend, case.mode, case.workers) for case in lab.plan().cases
    ]


def test_same_samples_same_findings_in_whatever_order(lab):
    samples = lab.Machine(noise=0.05).samples(lab.plan())
    findings = lab.analyse(lab.plan(), samples)
    shuffled = samples.copy()
    Random(3).shuffle(shuffled)
    assert lab.analyse(lab.plan(), samples) == findings
    assert lab.analyse(lab.plan(), shuffled) == findings


def test_another_seed_draws_other_intervals(lab):
    plan = lab.plan()
    samples = lab.Machine(noise=0.05).samples(plan, 30)
    one, other = (
        lab.analyse(replace(plan, seed=seed), samples).cases[1].speedup for seed in (1, 2)
    )
    assert one.value == other.value
    assert one != other


def test_wrapped_up(lab):
    findings = lab.analyse(lab.plan(), [], environment=lab.environment(), stop=lab.stop())
    assert findings.schema_version == RUN_VERSION
    assert findings.environment == lab.environment()
    assert findings.stop == lab.stop()
    assert {case.status for case in findings.cases} == {Status.INCONCLUSIVE}
    assert all(case.losses is None and case.start_skew_ns is None for case in findings.cases)


def test_stamped_losses_are_measured_and_others_inferred(lab):
    for stamped in (True, False):
        findings = lab.analyse(lab.plan(), lab.Machine(stamped=stamped).samples(lab.plan()))
        assert {case.losses_inferred for case in findings.cases} == {not stamped}


def test_unstamped_threads_wait_for_no_gil_that_is_off(lab):
    samples = lab.Machine(stamped=False, gil=False).samples(lab.plan())
    off = lab.environment(free_threaded=True, gil_enabled=False)
    losses = lab.find(lab.analyse(lab.plan(), samples, environment=off)).losses
    assert losses.gil_wait == 0
    assert losses.other_blocked == pytest.approx(0)


def test_unstamped_threads_are_blocked_as_long_as_processes_before_they_wait_for_the_gil(lab):
    # One worker alone is never blocked, several are for half of their time: by one disk, say.
    plan = lab.plan(*lab.cases(workload="file-sync", ceiling="processes"))
    alone, crowd = lab.Machine(stamped=False), lab.Machine(stamped=False, gil=False, blocks=0.5)
    samples = [
        (alone if case.workers == 1 else crowd).sample(case, turn)
        for turn in range(9)
        for case in plan.cases
    ]
    losses = lab.find(lab.analyse(plan, samples)).losses
    assert losses.other_blocked == pytest.approx(0.5)
    assert losses.gil_wait == pytest.approx(0, abs=1e-9)


def test_the_start_skew_is_that_of_the_last_worker(lab):
    samples = [
        replace(
            sample,
            readings=tuple(
                replace(one, start_skew_ns=100 * sample.round * one.worker)
                for one in sample.readings
            ),
        )
        for sample in lab.Machine().samples(lab.plan())
    ]
    findings = lab.analyse(lab.plan(), samples)
    assert repr(lab.find(findings).start_skew_ns) == "400.0"
    assert lab.find(findings, "serial", workers=1).start_skew_ns == 0


def test_unstamped_threads_wait_for_a_gil_that_came_on(lab):
    off = lab.environment(free_threaded=True, gil_enabled=False)
    samples = [
        replace(sample, gil_enabled=True)
        for sample in lab.Machine(stamped=False).samples(lab.plan())
    ]
    losses = lab.find(lab.analyse(lab.plan(), samples, environment=off)).losses
    assert losses.gil_wait == pytest.approx(0.5)


def test_workers_that_take_turns_do_not_slow_the_hardware_down(lab):
    plan = lab.plan(*lab.cases("triad"))
    samples = lab.Machine(stretch=1.6).samples(plan)
    alone = lab.Machine()
    findings = lab.analyse(
        plan,
        [
            alone.sample(sample.case, sample.round)
            if (sample.case.backend, sample.case.mode) == ("threads", Mode.HOLD)
            else sample
            for sample in samples
        ],
    )
    holding, releasing = lab.find(findings).losses, lab.find(findings, mode=Mode.RELEASE).losses
    assert holding.hardware == pytest.approx(0)
    assert holding.overhead == pytest.approx(0)
    assert releasing.hardware == pytest.approx(0.375)
