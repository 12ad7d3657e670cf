from __future__ import annotations

from collections.abc import Callable

import pytest

from gilbench.evidence import Timing
from gilbench.model import Failure, Rejection, Sample, Status
from gilbench.studies.check.scaling import Parallel, parallel, scaling_of, threads_failed

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
        rounds: int = 3,
        **changed: object,
    ) -> list[Sample]:
        return [
            made
            for round in range(rounds)
            for made in (
                sample("serial", 1, units=100, blocked=alone, round=round, **changed),
                sample("threads", 2, units=50 * threads, blocked=blocked, round=round, **changed),
                sample("fork", 2, units=50 * processes, round=round, **changed),
            )
        ]

    return make


@pytest.fixture
def failure(sample: MakeSample) -> Callable[[str, str], Failure]:
    def make(backend: str, reason: str) -> Failure:
        case = sample(backend, 2, units=1).case
        return Failure(case=case, round=0, host=0, status=Status.UNAVAILABLE, reason=reason)

    return make


def found_in(samples: list[Sample], timing: Timing, *failures: Failure, cores: int = 2) -> Parallel:
    return parallel(samples, failures, scaling_of(samples, failures, 1), timing, cores)


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


def test_a_way_that_failed_leaves_its_reason(
    race: Race, failure: Callable[[str, str], Failure]
) -> None:
    samples = [each for each in race(1.9, 2.0) if each.case.backend != "fork"]
    found = scaling_of(samples, [failure("fork", "no")], 1)
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
        (1.0, 1.4, 0.2, 0.0, 1e6, 1.0, True, "lock"),  # it goes from hand to hand all the time
        (1.0, 1.0, 1.0, 1.0, 1e6, 0.0, None, "hardly"),  # so, and processes share the lock
        (1.0, 1.0, 0.3, 0.3, 1e6, 0.7, None, "hardly"),
        (1.6, 2.0, 0.3, 0.0, 1e6, 1.0, False, None),  # a lock for a part of the call
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
    found = found_in(samples, timing(call_ns=call_ns, cpu_share=cpu_share))
    assert found.serial is serial
    assert (word or "") in (found.reason or "")


def test_a_core_that_others_burn_hides_no_lock(race: Race, timing: MakeTiming) -> None:
    samples = race(1.0, 1.4, blocked=0.5, rejection=Rejection.RUN_QUEUE)
    assert found_in(samples, timing()).serial is True


@pytest.mark.parametrize(
    ("children_share", "processes", "serial"),
    [
        (0.1, 1.0, True),
        # It waits for its own processes, which wait for a core that others burn.
        (0.2, 1.0, None),
        (0.2, 2.0, True),
    ],
)
def test_who_waits_for_processes_of_its_own_need_not_wait_for_a_lock(
    children_share: float, processes: float, serial: bool | None, race: Race, timing: MakeTiming
) -> None:
    samples = race(1.0, processes, blocked=0.5)
    found = found_in(samples, timing(call_ns=1e6, children_share=children_share))
    assert found.serial is serial


def test_threads_that_others_leave_one_core_seldom_meet(race: Race, timing: MakeTiming) -> None:
    samples = race(1.1, 1.1, rejection=Rejection.RUN_QUEUE)
    assert found_in(samples, timing()).serial is None


def test_stolen_time_is_no_lock(race: Race, timing: MakeTiming) -> None:
    samples = race(1.0, 2.0, blocked=0.5, rejection=Rejection.STEAL)
    assert found_in(samples, timing()).serial is None


@pytest.mark.parametrize(("threads", "serial"), [(2.0, False), (1.0, None)])
def test_of_sleepers_one_round_tells_as_much_as_there_is(
    threads: float, serial: bool | None, race: Race, timing: MakeTiming
) -> None:
    samples = race(threads, 2.0, blocked=1.0, alone=1.0, rounds=1)
    found = found_in(samples, timing(call_ns=1e9, cpu_share=0.0))
    assert found.serial is serial
    assert found.reason in {None, "how two threads do was not seen: one round is too few"}


@pytest.mark.parametrize(("cores", "serial"), [(2, True), (3, True), (4, None), (16, None)])
def test_own_worker_threads_that_leave_room_for_two_are_to_be_seen(
    cores: int, serial: bool | None, race: Race, timing: MakeTiming
) -> None:
    samples = race(1.0, 1.0, rejection=Rejection.STEAL)
    found = found_in(samples, timing(cpu_share=1.9), cores=cores)
    assert found.serial is serial
    assert ("worker threads" if serial else "9 of 9 samples") in str(found.reason)
    seen = found_in(race(1.0, 1.0), timing(cpu_share=1.9), cores=cores)
    assert "worker threads" in str(seen.reason)


SLOW = (
    "it gave no sign of life for 80 s",
    "worker 1: TimeoutError: the other workers did not come to the gate",
)


@pytest.mark.parametrize("reason", SLOW)
def test_threads_that_took_too_long_were_not_seen(
    reason: str, race: Race, timing: MakeTiming, failure: Callable[[str, str], Failure]
) -> None:
    failures = (failure("fork", "no fork here"), failure("threads", reason))
    samples = [each for each in race(1.0, 1.0) if each.case.backend == "serial"]
    for some in (samples, []):
        found = found_in(some, timing(), *failures)
        assert found == Parallel(serial=None, reason=f"how two threads do was not seen: {reason}")
    assert threads_failed(failures) is None


def test_two_threads_fail_where_one_does_not(failure: Callable[[str, str], Failure]) -> None:
    threads, serial = failure("threads", "LookupError: no"), failure("serial", "LookupError: no")
    assert threads_failed([failure("fork", "no fork here")]) is None
    assert threads_failed([threads]) == "LookupError: no"
    assert threads_failed([threads, serial]) is None
