from dataclasses import replace

import pytest

from gilbench.model import Rejection
from gilbench.studies.analysis import reject


def queued(lab, share, *, workers=2, cores=2, skew_ns=0):
    """A quiet sample, with that share of its time moved from CPU to run queue."""
    sample = lab.Machine(cores=64, gil=False).sample(lab.case("native", workers))
    ns = int(share * sample.elapsed_ns)
    readings = tuple(
        replace(
            reading, run_queue_ns=ns, cpu_ns=sample.elapsed_ns - ns - skew_ns, start_skew_ns=skew_ns
        )
        for reading in sample.readings
    )
    return replace(sample, readings=readings)


@pytest.mark.parametrize(
    ("workers", "cores", "share", "expected"),
    [
        (1, 2, 0.01, None),
        (2, 2, 0.01, None),
        (2, 2, 0.03, Rejection.RUN_QUEUE),
        (1, 2, 0.03, Rejection.RUN_QUEUE),
        (4, 2, 0.53, None),
        (4, 2, 0.60, Rejection.RUN_QUEUE),
        (3, 2, 0.35, None),
        (3, 2, 0.50, Rejection.RUN_QUEUE),
    ],
)
def test_beyond_its_fair_share_of_the_run_queue_a_sample_does_not_count(
    lab, workers, cores, share, expected
):
    assert reject(queued(lab, share, workers=workers), cores) is expected


@pytest.mark.parametrize(
    ("workload", "workers", "share", "expected"),
    [
        ("http:delay=5ms", 1, 0.2, None),
        ("file-sync", 2, 0.2, None),
        ("file-sync", 2, 0.3, Rejection.RUN_QUEUE),
        ("sqlite:reads=0.9", 4, 0.7, None),
        ("sqlite:reads=0.9", 4, 0.8, Rejection.RUN_QUEUE),
        # A function of the user's in a module that is called like one of ours.
        ("http:get", 2, 0.2, Rejection.RUN_QUEUE),
    ],
)
def test_whoever_answers_needs_a_core_too(lab, workload, workers, share, expected):
    sample = queued(lab, share, workers=workers)
    sample = replace(sample, case=replace(sample.case, workload=workload))
    assert reject(sample, 2) is expected


def test_a_late_start_counts_as_run_queue(lab):
    assert reject(queued(lab, 0.015), 2) is None
    assert reject(queued(lab, 0.015, skew_ns=1_000_000), 2) is Rejection.RUN_QUEUE


def test_without_a_run_queue_late_starts_are_what_is_seen(lab):
    sample = lab.Machine(tells_run_queue=False, burned=1).sample(lab.case("native"))
    assert reject(sample, 2) is None
    late = lab.Machine(tells_run_queue=False, skew_ns=3_000_000).sample(lab.case("native"))
    assert reject(late, 2) is Rejection.RUN_QUEUE


@pytest.mark.parametrize(("ticks", "expected"), [(0, None), (None, None), (1, Rejection.STEAL)])
def test_a_stolen_tick_spoils_a_sample(lab, ticks, expected):
    assert reject(replace(queued(lab, 0.0), steal_ticks=ticks), 2) is expected


def test_workers_that_wait_for_the_gil_do_not_queue(lab):
    assert lab.Machine(burned=1).sample(lab.case("threads", 2)).rejection is None


def test_queueing_behind_the_gil_is_no_loss(lab):
    sample = lab.Machine().sample(lab.case())
    readings = tuple(replace(one, run_queue_ns=one.wall_ns // 8) for one in sample.readings)
    behind = replace(sample, readings=readings, gil_enabled=True)
    assert reject(behind, 2) is None
    assert reject(replace(behind, gil_enabled=False), 2) is Rejection.RUN_QUEUE
    idle = tuple(replace(one, cpu_ns=one.cpu_ns // 2) for one in readings)
    assert reject(replace(behind, readings=idle), 2) is Rejection.RUN_QUEUE
