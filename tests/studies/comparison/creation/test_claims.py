from __future__ import annotations

import pytest

from gilbench.comparison import Claim, Outcome, Trial, Way
from gilbench.studies.comparison.creation.claims import claims, quick_to_create

from .conftest import absent, cycle, growth, ledger, pool, steady, task, usual

INTERPRETERS, SPAWNING, POOLS, LEAVING = range(4)


def claim(number: int, *trials: Trial) -> Claim:
    return claims(ledger(*trials))[number]


def test_the_usual_is_said_in_figures() -> None:
    found = ledger(*usual())
    assert quick_to_create(found) == (
        Outcome.HOLDS,
        "To start a worker with nothing to do and to join it takes 42 us with a thread, 14 ms with"
        " a subinterpreter, 2.2 ms with a forked process, 2.3 ms with a forkserver process and"
        " 25.6 ms with a spawned process.",
    )
    told = [(each.holds, each.deciding) for each in claims(found)]
    assert told == [
        (
            Outcome.DEPENDS,
            "To start and to join takes 14 ms with a subinterpreter, 2.2 ms with a forked process,"
            " 2.3 ms with a forkserver process and 25.6 ms with a spawned process.",
        ),
        (
            Outcome.HOLDS,
            "To start and to join takes 2.2 ms with a forked process and 25.6 ms with a spawned"
            " process.",
        ),
        (
            Outcome.HOLDS,
            "A task takes 18 us in place of 45 us with threads, 34 us in place of 12.5 ms with"
            " subinterpreters, 80 us in place of 1.6 ms with forked processes, 90 us in place of"
            " 2.6 ms with forkserver processes and 90 us in place of 25.5 ms with spawned"
            " processes.",
        ),
        (
            Outcome.HOLDS,
            "Over 100 creations the parent grew by 64 KiB with threads, 64 KiB with"
            " subinterpreters, 64 KiB with forked processes, 64 KiB with forkserver processes and"
            " 64 KiB with spawned processes.",
        ),
    ]


@pytest.mark.parametrize(
    ("fork", "outcome"),
    [(130, Outcome.HOLDS), (110, Outcome.INCONCLUSIVE), (70, Outcome.DOES_NOT_HOLD)],
)
def test_slow_is_three_times_as_long(fork: float, outcome: Outcome) -> None:
    trials = cycle(Way.THREAD, 38, 2), cycle(Way.FORK, fork, 2)
    assert quick_to_create(ledger(*trials))[0] is outcome


def test_without_times_the_reason_is_said() -> None:
    assert quick_to_create(ledger()) == (
        Outcome.INCONCLUSIVE,
        "It is not known: it was not measured.",
    )
    reason = "needs Python 3.12"
    found = claim(INTERPRETERS, absent("cycle", Way.INTERPRETER, reason), cycle(Way.FORK, 1, 1))
    assert (found.holds, found.deciding) == (Outcome.INCONCLUSIVE, f"It is not known: {reason}.")


@pytest.mark.parametrize(
    ("own", "fork", "spawn", "outcome"),
    [
        (1, 2, 20, Outcome.HOLDS),
        (10, 2, 20, Outcome.DEPENDS),
        (40, 2, 20, Outcome.DOES_NOT_HOLD),
        (1.9, 2, 20, Outcome.INCONCLUSIVE),
    ],
)
def test_interpreters_are_beside_each_start_method(
    own: float, fork: float, spawn: float, outcome: Outcome
) -> None:
    times = {Way.INTERPRETER: own, Way.FORK: fork, Way.SPAWN: spawn}
    trials = [cycle(way, 900 * ms, 100 * ms) for way, ms in times.items()]
    assert claim(INTERPRETERS, *trials).holds is outcome


@pytest.mark.parametrize(
    ("spawn", "outcome"),
    [(31, Outcome.HOLDS), (25, Outcome.INCONCLUSIVE), (19, Outcome.DOES_NOT_HOLD)],
)
def test_spawning_is_beside_forking(spawn: float, outcome: Outcome) -> None:
    found = claim(SPAWNING, cycle(Way.FORK, 9, 1), cycle(Way.SPAWN, spawn - 1, 1))
    assert found.holds is outcome


@pytest.mark.parametrize(
    ("thread", "spawn", "outcome"),
    [
        (20, 90, Outcome.HOLDS),
        (50, 90, Outcome.INCONCLUSIVE),
        (70, 90, Outcome.DEPENDS),
        (70, 900, Outcome.DOES_NOT_HOLD),
    ],
)
def test_a_pool_is_beside_a_new_worker(thread: float, spawn: float, outcome: Outcome) -> None:
    trials = [task(Way.THREAD, 45), task(Way.SPAWN, 600)]
    found = claim(POOLS, *trials, pool(Way.THREAD, thread), pool(Way.SPAWN, spawn))
    assert found.holds is outcome


def test_a_pool_that_is_not_to_be_had_is_left_out() -> None:
    trials = task(Way.THREAD, 45), pool(Way.THREAD, 18), task(Way.INTERPRETER, 9000)
    found = claim(POOLS, *trials, absent("pool", Way.INTERPRETER))
    assert found.holds is Outcome.HOLDS
    assert "subinterpreters" not in found.deciding
    assert claim(POOLS, absent("pool", Way.THREAD)).deciding == "It is not known: not here."


@pytest.mark.parametrize(
    ("interpreter", "outcome"),
    [
        (steady(Way.INTERPRETER, 0, once=9e6), Outcome.HOLDS),
        (steady(Way.INTERPRETER, 1_700_000), Outcome.DEPENDS),
        (steady(Way.INTERPRETER, 1_700_000, creations=15), Outcome.DEPENDS),
        (steady(Way.INTERPRETER, 2_000), Outcome.INCONCLUSIVE),
        (growth(Way.INTERPRETER, [0, 9e6, 9e6], 10), Outcome.INCONCLUSIVE),
    ],
)
def test_what_comes_once_is_no_leak(interpreter: Trial, outcome: Outcome) -> None:
    assert claim(LEAVING, steady(Way.THREAD, 0), interpreter).holds is outcome


def test_growth_that_is_no_leak_is_told_as_such() -> None:
    found = claim(LEAVING, steady(Way.THREAD, 0), steady(Way.INTERPRETER, 0, once=3 * 2**20))
    assert (found.holds, found.deciding) == (
        Outcome.HOLDS,
        "Over 100 creations the parent grew by 0 B with threads and 3 MiB with subinterpreters;"
        " what comes once, or comes and goes, is not left by each.",
    )


def test_a_leak_is_told_over_a_hundred() -> None:
    found = claim(LEAVING, steady(Way.INTERPRETER, 1_700_000, creations=15))
    assert (found.holds, found.deciding) == (
        Outcome.DOES_NOT_HOLD,
        "Over 100 creations the parent grew by 162 MiB with subinterpreters (reckoned from 15).",
    )
    assert claim(LEAVING, absent("growth", Way.FORK)).deciding == "It is not known: not here."
