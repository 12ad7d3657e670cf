from __future__ import annotations

import pytest

from channels import SMALL, Speed, tried, whole_run
from comparisons import make_plan
from gilbench.comparison import Claim, Outcome, Trial, Way
from gilbench.model import Status
from gilbench.studies.comparison.communication.claims import claims, threads_quickly
from gilbench.studies.comparison.communication.paces import Paces

ALL = (
    "Threads hand over an object",
    "A multiprocessing.Pipe is quicker",
    "Shared memory is the quickest",
    "Shared memory pays for large data only",
    "A manager is slower",
    "Pickle protocol 5",
    "TCP on loopback is slower",
    "Subinterpreters exchange",
)


def paces(trials: list[Trial]) -> Paces:
    return Paces(plan=make_plan(seed=3), trials=trials)


def claim(begins: str, trials: list[Trial]) -> Claim:
    (found,) = [each for each in claims(paces(trials)) if each.claim.startswith(begins)]
    assert found.deciding.endswith(".")
    return found


def without(*names: str) -> list[Trial]:
    return [trial for trial in whole_run() if trial.name not in names]


def test_all_claims_are_made_of_a_whole_run() -> None:
    made = [each.claim for each in claims(paces(whole_run()))]
    assert len(made) == len(ALL)
    assert all(claim.startswith(begins) for claim, begins in zip(made, ALL, strict=True))


def test_nothing_is_claimed_of_what_was_not_measured() -> None:
    assert claims(paces([])) == ()
    made = {each.claim for each in claims(paces(without("array", "tcp", "manager", "queue")))}
    assert not [each for each in made if each.startswith((ALL[4], ALL[5], ALL[6]))]
    assert len(made) == len(ALL) - 3


class TestThreadsQuickly:
    def test_it_depends_where_shared_memory_is_as_quick(self) -> None:
        holds, deciding = threads_quickly(paces(whole_run()))
        assert holds is Outcome.DEPENDS
        assert deciding.startswith(
            "On two cores a round trip of 64 B took 46.5 us through queue.Queue and 60.8 us through"
            " multiprocessing.Queue, one of 64 MiB 46.2 us and 257 ms; on one core a round trip of"
        )
        assert "4.54 us through shared_memory in place" in deciding

    def test_it_holds_where_all_between_processes_is_slower(self) -> None:
        slow = {"shared-memory-in-place": Speed(us=20), "shared-memory": Speed(us=50)}
        slow |= {name: Speed(us=90) for name in ("pipe", "socketpair", "tcp", "manager")}
        slow |= {name: Speed(us=90) for name in ("process-simple-queue", "array", "array-beside")}
        assert threads_quickly(paces(whole_run(slow)))[0] is Outcome.HOLDS

    def test_it_does_not_where_processes_are_quicker_throughout(self) -> None:
        quick = {"process-queue": Speed(us=2), "queue": Speed(us=60)}
        assert threads_quickly(paces(whole_run(quick)))[0] is Outcome.DOES_NOT_HOLD

    def test_without_a_clear_difference_it_is_inconclusive(self) -> None:
        same = [
            tried(name, way, Speed(us=20))
            for name, way in (("queue", Way.THREAD), ("process-queue", Way.FORK))
        ]
        assert threads_quickly(paces(same))[0] is Outcome.INCONCLUSIVE

    def test_without_a_queue_it_is_inconclusive_and_says_why(self) -> None:
        failed = tried(
            "process-queue",
            Way.FORK,
            Speed(us=1),
            figures={},
            status=Status.FAILED,
            reason="no semaphores here",
        )
        holds, deciding = threads_quickly(paces([*without("process-queue"), failed]))
        assert holds is Outcome.INCONCLUSIVE
        assert deciding == "Not both queues were measured: no semaphores here."
        assert threads_quickly(paces([])) == (
            Outcome.INCONCLUSIVE,
            "Not both queues were measured: it ended before.",
        )


@pytest.mark.parametrize(
    ("begins", "changed", "expected"),
    [
        (ALL[0], {}, Outcome.HOLDS),
        (
            ALL[0],
            dict.fromkeys(("reference", "queue", "simple-queue"), Speed(us=10, ms_per_mib=1)),
            Outcome.DOES_NOT_HOLD,
        ),
        (ALL[0], {"queue": Speed(us=10, ms_per_mib=1)}, Outcome.DEPENDS),
        (ALL[1], {}, Outcome.HOLDS),
        (ALL[1], {"pipe": Speed(us=90, ms_per_mib=9)}, Outcome.DOES_NOT_HOLD),
        (ALL[1], {"pipe": Speed(us=10, ms_per_mib=9)}, Outcome.DEPENDS),
        # It is 1.83 times as quick with the smallest payload, and takes 2.25 times for the largest.
        (ALL[1], {"pipe": Speed(us=16, ms_per_mib=9)}, Outcome.DOES_NOT_HOLD),
        (ALL[1], {"pipe": Speed(us=30, ms_per_mib=4)}, Outcome.INCONCLUSIVE),
        (ALL[2], {}, Outcome.HOLDS),
        (ALL[3], {}, Outcome.DOES_NOT_HOLD),
        (ALL[3], {"shared-memory": Speed(us=90, ms_per_mib=0.8)}, Outcome.HOLDS),
        # On one core only: of two the half millisecond that each takes hides the difference.
        (ALL[3], {"pipe": Speed(us=5, ms_per_mib=0.8)}, Outcome.INCONCLUSIVE),
        (ALL[4], {}, Outcome.HOLDS),
        (ALL[5], {}, Outcome.HOLDS),
        # However long small ones take: they are none of those that it is for.
        (ALL[5], {"array-beside": Speed(us=190, ms_per_mib=1.5)}, Outcome.HOLDS),
        (ALL[5], {"array-beside": Speed(us=26, ms_per_mib=9)}, Outcome.DOES_NOT_HOLD),
        (ALL[6], {}, Outcome.HOLDS),
        (ALL[7], {}, Outcome.DEPENDS),
    ],
)
def test_what_becomes_of_a_claim(begins: str, changed: dict[str, Speed], expected: Outcome) -> None:
    assert claim(begins, whole_run(changed)).holds is expected


def test_a_reference_that_takes_about_twice_as_long_decides_nothing() -> None:
    about_twice = [
        tried("queue", Way.THREAD, Speed(us=10, ms_per_mib=0.0101 / 64), (64, 2**26), cores=cores)
        for cores in (1, 2)
    ]
    found = claim(ALL[0], about_twice)
    assert found.holds is Outcome.INCONCLUSIVE
    assert found.deciding == (
        "On two cores a round trip took 10.1 us with 64 B and 20.3 us with 64 MiB through"
        " queue.Queue; on one core a round trip took 10.1 us with 64 B and 20.3 us with 64 MiB"
        " through queue.Queue."
    )
    # What the one number of cores leaves open, the other may tell.
    same = tried("simple-queue", Way.THREAD, Speed(us=10), (64, 2**26), cores=1)
    assert claim(ALL[0], [*about_twice, same]).holds is Outcome.HOLDS


def test_where_the_quicker_one_changes_is_told() -> None:
    deciding = claim(ALL[5], whole_run()).deciding
    assert (
        "Pipe with pickled arrays being quicker up to 1 KiB and Pipe with out-of-band arrays from"
        " 256 KiB on (they cross at about" in deciding
    )


def test_what_does_not_turn_a_claim_is_told() -> None:
    pipe = {"pipe": Speed(us=16, ms_per_mib=9)}
    assert claim(ALL[1], whole_run(pipe)).deciding.endswith(
        " With 64 B, on one core, multiprocessing.Pipe was 1.83 times as quick: less than twice,"
        " which does not turn it."
    )
    quick = {"process-queue": Speed(us=11), "queue": Speed(us=30), "reference": Speed(us=80)}
    quick |= {"simple-queue": Speed(us=80), "pipe": Speed(us=3)}
    holds, deciding = threads_quickly(paces(whole_run(quick)))
    assert holds is Outcome.DOES_NOT_HOLD
    assert "turn" not in deciding


def test_documented_queues_are_compared_and_polled_ones_told_of() -> None:
    deciding = claim(ALL[7], whole_run()).deciding
    assert (
        "10.2 ms through interpreters.Queue and 60.8 us through multiprocessing.Queue" in deciding
    )
    assert deciding.endswith(
        "Queue.get looks for a payload every 10 ms; looked for all the time, one of 64 B took"
        " 35.4 us."
    )


def test_before_there_are_documented_ones_the_private_ones_are() -> None:
    found = claim(ALL[7], without("interpreter-queue"))
    assert found.holds is Outcome.HOLDS
    assert "through polled interpreters' queue" in found.deciding
    assert "10 ms" not in found.deciding


def test_with_one_payload_it_is_told_once() -> None:
    few = [
        tried("pipe", Way.FORK, Speed(us=10), SMALL[:1]),
        tried("process-queue", Way.FORK, Speed(us=20), SMALL[:1]),
    ]
    assert claim(ALL[1], few).deciding == (
        "On two cores a round trip of 64 B took 10.1 us through multiprocessing.Pipe and 20.2 us"
        " through multiprocessing.Queue."
    )


def test_where_nobody_can_be_kept_anywhere_no_place_is_told() -> None:
    few = [
        tried("pipe", Way.SPAWN, Speed(us=10), SMALL[:1], cores=0),
        tried("process-queue", Way.SPAWN, Speed(us=20), SMALL[:1], cores=0),
    ]
    assert claim(ALL[1], few).deciding.startswith("A round trip of 64 B took 10.1 us through")
