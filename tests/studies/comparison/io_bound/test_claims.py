from __future__ import annotations

from typing import Any

import pytest

from gilbench.comparison import Claim, Outcome, Way
from gilbench.studies.comparison.io_bound.claims import claims
from gilbench.studies.comparison.io_bound.kinds import HTTP, MANY, READ, SOCKET, SQLITE, SYNC
from gilbench.studies.comparison.io_bound.outcome import threads_as_good
from gilbench.studies.comparison.io_bound.paces import Paces

from .conftest import PLAN, PROCESS, all_ways, done

HOLDS, NOT, DEPENDS, OPEN = (
    Outcome.HOLDS,
    Outcome.DOES_NOT_HOLD,
    Outcome.DEPENDS,
    Outcome.INCONCLUSIVE,
)


def paces(**changed: Any) -> Paces:
    return Paces(plan=PLAN, trials=list(all_ways(**changed)))


def claim(start: str, **changed: Any) -> Claim:
    (found,) = [each for each in claims(paces(**changed)) if each.claim.startswith(start)]
    return found


@pytest.mark.parametrize(
    ("start", "kind", "about"),
    [
        ("More threads sync more", SYNC, "Syncs of a file"),
        ("Threads read files as fast", READ, "Reads of a cached file"),
        ("More threads query SQLite", SQLITE, "Queries to SQLite"),
        ("asyncio.to_thread is as good", READ, "Reads of a cached file"),
    ],
)
def test_a_kind_that_was_refused_leaves_its_claim_open_and_says_why(
    start: str, kind: str, about: str
) -> None:
    full = "No space left on device"
    figures = {
        name: values for name, values in done(Way.THREAD).figures.items() if kind not in name
    }
    refused = {"figures": figures, "words": {kind: full}}
    found = claim(start, thread=refused)
    assert found.holds is OPEN
    assert found.deciding == f"{about} were not measured: {full}."
    assert threads_as_good(paces(thread=refused))[0] is HOLDS


@pytest.mark.parametrize(
    ("start", "kind", "factor", "outcome"),
    [
        ("More threads get more answers", f"{HTTP} 8", 1, HOLDS),
        ("More threads get more answers", f"{HTTP} 8", 0.15, NOT),
        ("More threads get more answers", f"{HTTP} 8", 1.5 / 8, OPEN),
        ("More threads sync more", f"{SYNC} 8", 1, HOLDS),
        ("More threads sync more", f"{SYNC} 8", 0.2, NOT),
        ("Threads read files as fast", READ, 1, HOLDS),
        ("Threads read files as fast", READ, 0.35, NOT),
        ("Threads read files as fast", READ, 0.65, OPEN),
        ("More threads query SQLite faster", SQLITE, 1, NOT),
        ("More threads query SQLite faster", f"{SQLITE} 8", 2, HOLDS),
        ("More threads query SQLite faster", f"{SQLITE} 8", 1.5, OPEN),
        ("asyncio gets more answers", SOCKET, 1, NOT),
        ("asyncio.to_thread is as good", READ, 1, HOLDS),
        ("asyncio.to_thread is as good", READ, 10, NOT),
    ],
)
def test_claims_on_threads_are_decided_with_margins(
    start: str, kind: str, factor: float, outcome: Outcome
) -> None:
    assert claim(start, thread={"times": {kind: factor}}).holds is outcome


def test_what_processes_gain_is_told_beside_threads_and_decides_nothing() -> None:
    found = claim("More threads query SQLite", **{PROCESS.value: {"times": {f"{SQLITE} 8": 4}}})
    assert found.holds is NOT
    processes = "forked" if PROCESS is Way.FORK else "spawned"
    assert found.deciding == (
        "Queries to SQLite: 80 k/s by eight threads, 80 k/s by one thread;"
        f" 320 k/s by eight {processes} processes, 80 k/s by one {processes} process."
    )


@pytest.mark.parametrize(
    ("times", "outcome"),
    [
        ({SOCKET: 1.5, MANY: 1.5}, HOLDS),
        ({SOCKET: 1.5}, DEPENDS),
        ({SOCKET: 1.2}, OPEN),
        ({SOCKET: 0.5}, NOT),
    ],
)
def test_asyncio_is_compared_by_a_client_that_does_as_little(
    times: dict[str, float], outcome: Outcome
) -> None:
    found = claim("asyncio gets more answers", asyncio={"times": times})
    assert found.holds is outcome
    assert "by eight tasks of asyncio (CPU time for each: 100 us), " in found.deciding
    assert "by 32 threads (99.5 us)" in found.deciding


@pytest.mark.parametrize(
    ("held_up", "thread", "process"),
    [(5, HOLDS, NOT), (1.1, NOT, HOLDS), (1.5, OPEN, OPEN)],
)
def test_who_is_held_up_by_one_that_computes(
    held_up: float, thread: Outcome, process: Outcome
) -> None:
    changed = {"thread": {"held_up": held_up}, PROCESS.value: {"held_up": held_up}}
    assert claim("A thread that computes holds up", **changed).holds is thread
    found = claim("A process that computes holds up no other", **changed)
    assert found.holds is process
    assert "had their answers after 5.53 ms (99th percentile 11.1 ms), and beside" in found.deciding


def test_windows_that_differ_too_much_decide_nothing() -> None:
    noisy = {"spread": 0.9}
    outcomes = {
        each.holds for each in claims(paces(thread=noisy, asyncio=noisy, **{PROCESS.value: noisy}))
    }
    assert HOLDS not in outcomes or NOT not in outcomes
    assert OPEN in outcomes


def test_no_claim_rests_on_a_single_worker() -> None:
    # As in a hurry, where files are read by one only.
    trials = [done(way, figures=_of_one(way)) for way in (Way.THREAD, PROCESS, None)]
    schedule = {"schedule": "file-read 1 15ms x2"}
    seen = Paces(
        plan=PLAN,
        trials=[done(trial.way, figures=trial.figures, parameters=schedule) for trial in trials],
    )
    assert [each.claim for each in claims(seen)] == ["asyncio.to_thread is as good for files."]
    assert threads_as_good(seen)[0] is OPEN


def _of_one(way: Way | None) -> dict[str, tuple[float, ...]]:
    return {
        name: values for name, values in done(way).figures.items() if name.startswith(f"{READ} 1 ")
    }
