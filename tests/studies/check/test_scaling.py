from __future__ import annotations

from collections.abc import Callable

import pytest

from gilbench.model import Failure, Rejection, Sample, Status
from gilbench.studies.check.scaling import parallel, scaling_of

from .conftest import MakeSample, MakeTiming

Race = Callable[..., list[Sample]]


@pytest.fixture
def race(sample: MakeSample) -> Race:
    """Make three rounds in which two threads and two processes do so much beside one worker."""

    def make(
        threads: float,
        processes: float,
        *,
        blocked: float = 0.0,
        alone: float = 0.0,
        **changed: object,
    ) -> list[Sample]:
        return [
            made
            for round in range(3)
            for made in (
                sample("serial", 1, units=100, blocked=alone, round=round, **changed),
                sample("threads", 2, units=50 * threads, blocked=blocked, round=round, **changed),
                sample("fork", 2, units=50 * processes, round=round, **changed),
            )
        ]

    return make


def test_speedups_are_over_one_worker_in_the_same_round(race: Race) -> None:
    found = scaling_of(race(1.9, 2.0), (), 1)
    assert found.threads is not None
    assert found.processes is not None
    assert found.threads.value == pytest.approx(1.9)
    assert found.processes.value == pytest.approx(2.0)
    assert found.reason is None


def test_rejected_samples_leave_a_reason(race: Race) -> None:
    found = scaling_of(race(1.9, 2.0, rejection=Rejection.RUN_QUEUE), (), 1)
    assert found.threads is None
    assert found.reason == "other work took the cores in 9 of 9 samples"


def test_a_way_that_failed_leaves_its_reason(race: Race, sample: MakeSample) -> None:
    samples = [each for each in race(1.9, 2.0) if each.case.backend != "fork"]
    failed = Failure(
        case=sample("fork", 2, units=1).case,
        round=0,
        host=0,
        status=Status.UNAVAILABLE,
        reason="no",
    )
    found = scaling_of(samples, [failed], 1)
    assert found.threads is not None
    assert found.processes is None
    assert found.reason == "no"


@pytest.mark.parametrize(
    ("threads", "processes", "blocked", "alone", "call_ns", "cpu_share", "serial", "word"),
    [
        (2.0, 2.0, 0.0, 0.0, 1e6, 1.0, False, None),
        (1.0, 2.0, 0.5, 0.0, 1e6, 1.0, True, "lock"),  # a lock of its own
        (1.0, 2.0, 1.0, 1.0, 1e6, 0.0, True, "two processes"),  # sleeps with a lock held
        (2.0, 2.0, 1.0, 1.0, 1e6, 0.0, False, None),  # sleeps
        (1.0, 1.0, 0.0, 0.0, 1e6, 1.9, True, "worker threads"),  # both cores already
        (1.1, 1.1, 0.0, 0.0, 1e6, 1.0, False, None),  # the hardware gives no more
        (0.8, 2.0, 0.5, 0.0, 2e3, 1.0, False, None),  # so short that the GIL blocks
        (1.3, 1.3, 0.2, 0.0, 1e6, 1.0, None, "hardly"),
    ],
)
def test_what_keeps_threads_apart(
    race: Race,
    timing: MakeTiming,
    threads: float,
    processes: float,
    blocked: float,
    alone: float,
    call_ns: float,
    cpu_share: float,
    serial: bool | None,
    word: str | None,
) -> None:
    samples = race(threads, processes, blocked=blocked, alone=alone)
    found = parallel(
        samples, scaling_of(samples, (), 1), timing(call_ns=call_ns, cpu_share=cpu_share)
    )
    assert found.serial is serial
    assert (word or "") in (found.reason or "")


def test_a_core_that_others_burn_hides_no_lock(race: Race, timing: MakeTiming) -> None:
    samples = race(1.0, 1.4, blocked=0.5, rejection=Rejection.RUN_QUEUE)
    assert parallel(samples, scaling_of(samples, (), 1), timing()).serial is True


def test_threads_that_others_leave_one_core_seldom_meet(race: Race, timing: MakeTiming) -> None:
    samples = race(1.1, 1.1, rejection=Rejection.RUN_QUEUE)
    assert parallel(samples, scaling_of(samples, (), 1), timing()).serial is None


def test_stolen_time_is_no_lock(race: Race, timing: MakeTiming) -> None:
    samples = race(1.0, 2.0, blocked=0.5, rejection=Rejection.STEAL)
    assert parallel(samples, scaling_of(samples, (), 1), timing()).serial is None
