from __future__ import annotations

import pytest

from gilbench.comparison import Claim, Outcome, Trial, Way
from gilbench.studies.comparison.memory.claims import claims, one_memory

from .conftest import absent, account, array, copying, cost, sight, usual

HEAVIER, SHARED, FROZEN, SAVED = range(4)


def claim(number: int, *trials: Trial) -> Claim:
    return claims(account(*trials))[number]


def test_the_usual_is_said_in_figures() -> None:
    found = account(*usual())
    holds, deciding = one_memory(found)
    assert holds is Outcome.HOLDS
    assert deciding == (
        "Of values that one worker wrote to a global variable, another saw 8 of 8 with threads and"
        " 0 of 8 with subinterpreters, forked processes, forkserver processes and spawned"
        " processes; through shared_memory, 24 of 24 with processes."
    )
    told = [(each.holds, each.deciding) for each in claims(found)]
    assert told == [
        (
            Outcome.HOLDS,
            "A further worker that is idle takes 24 KiB with a thread, 3.12 MiB with a"
            " subinterpreter, 2.64 MiB with a forked process, 2.83 MiB with a forkserver process"
            " and 6.35 MiB with a spawned process, shared with nobody.",
        ),
        (
            Outcome.DEPENDS,
            "Of 20 MiB of its parent's objects a worker had un-shared 0 % at its start, and 87 %"
            " once it had walked them: to look at an object is to count a reference in it.",
        ),
        (
            Outcome.DEPENDS,
            "A garbage collection in the worker un-shared 90 % of 20 MiB of its parent's objects,"
            " 0 % after gc.freeze(); to walk them un-shared 86 % nevertheless.",
        ),
        (
            Outcome.DEPENDS,
            "Of an array of 32 MiB it saved 98 % with a spawned process, 96 % with a forkserver"
            " process and 0 % with a forked process: that reads its parent's without a copy.",
        ),
    ]


@pytest.mark.parametrize(
    ("thread", "fork", "outcome"),
    [
        (8, 0, Outcome.HOLDS),
        (8, 8, Outcome.DEPENDS),
        (0, 8, Outcome.DOES_NOT_HOLD),
        (7, 0, Outcome.INCONCLUSIVE),
        (8, 1, Outcome.INCONCLUSIVE),
    ],
)
def test_what_is_seen_decides_whether_it_is_one_memory(
    thread: int, fork: int, outcome: Outcome
) -> None:
    trials = sight(Way.THREAD, thread), sight(Way.FORK, fork)
    assert one_memory(account(*trials))[0] is outcome


def test_one_side_alone_decides_nothing() -> None:
    holds, deciding = one_memory(account(sight(Way.THREAD, 8), absent("sight", Way.FORK)))
    assert (holds, deciding) == (
        Outcome.INCONCLUSIVE,
        "Nobody looked for what another wrote: not here.",
    )
    assert one_memory(account(sight(Way.FORK, 0)))[0] is Outcome.INCONCLUSIVE


def test_a_thread_takes_a_page_at_least() -> None:
    light = claim(HEAVIER, cost(Way.THREAD, (0, 0, 0)), cost(Way.FORK, (6, 6, 6)))
    assert light.holds is Outcome.DOES_NOT_HOLD
    heavy = claim(HEAVIER, cost(Way.THREAD, (0, 0, 0)), cost(Way.FORK, (13, 13, 13)))
    assert heavy.holds is Outcome.HOLDS


def test_without_costs_the_reason_is_said() -> None:
    assert claim(HEAVIER, absent("cost", Way.THREAD)).deciding == "It is not known: not here."
    assert claim(HEAVIER).deciding == "It is not known: it was not measured."


@pytest.mark.parametrize(
    ("start", "walk", "outcome"),
    [
        (0.0, 0.87, Outcome.DEPENDS),
        (0.0, 0.1, Outcome.HOLDS),
        (0.0, 0.3, Outcome.INCONCLUSIVE),
        (0.3, 0.9, Outcome.INCONCLUSIVE),
        (0.9, 0.9, Outcome.DOES_NOT_HOLD),
    ],
)
def test_sharing_depends_on_who_looks(start: float, walk: float, outcome: Outcome) -> None:
    assert claim(SHARED, copying(start=start, walk=walk)).holds is outcome


@pytest.mark.parametrize(
    ("collect", "frozen", "walk", "outcome"),
    [
        (0.9, 0.0, 0.86, Outcome.DEPENDS),
        (0.9, 0.0, 0.1, Outcome.HOLDS),
        (0.9, 0.9, 0.9, Outcome.DOES_NOT_HOLD),
        (0.05, 0.05, 0.9, Outcome.DOES_NOT_HOLD),
        (0.2, 0.0, 0.9, Outcome.INCONCLUSIVE),
        (0.9, 0.3, 0.9, Outcome.INCONCLUSIVE),
        (0.9, 0.0, 0.3, Outcome.INCONCLUSIVE),
    ],
)
def test_freezing_keeps_the_collector_off_and_nobody_else(
    collect: float, frozen: float, walk: float, outcome: Outcome
) -> None:
    trials = copying(collect=collect, frozen=frozen, frozen_walk=walk)
    assert claim(FROZEN, trials).holds is outcome


@pytest.mark.parametrize("number", [SHARED, FROZEN])
def test_without_fork_nothing_is_known_of_it(number: int) -> None:
    reason = "win32 has no start method 'fork'"
    found = claim(number, absent("copying", Way.FORK, reason))
    assert (found.holds, found.deciding) == (
        Outcome.INCONCLUSIVE,
        f"It is not known: {reason}.",
    )


@pytest.mark.parametrize(
    ("fork", "spawn", "outcome"),
    [
        (31, 31, Outcome.HOLDS),
        (0, 31, Outcome.DEPENDS),
        (0, 1, Outcome.DOES_NOT_HOLD),
        (31, 10, Outcome.INCONCLUSIVE),
    ],
)
def test_what_is_saved_is_what_would_have_been_copied(
    fork: float, spawn: float, outcome: Outcome
) -> None:
    found = claim(SAVED, array(Way.FORK, fork, 0), array(Way.SPAWN, spawn, 0))
    assert found.holds is outcome
    assert ("without a copy" in found.deciding) is (fork == 0)


def test_where_no_block_can_be_had_that_is_said() -> None:
    found = claim(SAVED, array(Way.FORK, 0, None))
    assert (found.holds, found.deciding) == (
        Outcome.INCONCLUSIVE,
        "It is not known: no blocks here.",
    )
