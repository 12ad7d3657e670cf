from __future__ import annotations

from typing import Any

import pytest

from comparisons import make_plan
from gilbench.comparison import Outcome, Trial, Way
from gilbench.model import Status
from gilbench.studies.comparison.io_bound.claims import claims
from gilbench.studies.comparison.io_bound.kinds import HTTP, READ, SQLITE, SYNC
from gilbench.studies.comparison.io_bound.outcome import threads_as_good
from gilbench.studies.comparison.io_bound.paces import Paces

from .conftest import PLAN, PROCESS, absent, all_ways, asked, done

HOLDS, NOT, DEPENDS, OPEN = (
    Outcome.HOLDS,
    Outcome.DOES_NOT_HOLD,
    Outcome.DEPENDS,
    Outcome.INCONCLUSIVE,
)


def paces(**changed: Any) -> Paces:
    return Paces(plan=PLAN, trials=list(all_ways(**changed)))


@pytest.mark.parametrize(
    ("times", "outcome"),
    [
        ({}, HOLDS),
        ({HTTP: 0.8, SYNC: 0.8}, HOLDS),
        ({HTTP: 0.4, SYNC: 0.4}, NOT),
        ({HTTP: 0.4}, DEPENDS),
        ({SYNC: 0.65}, OPEN),
        # It is no waiting, and none of this claim's.
        ({READ: 0.3, SQLITE: 0.3}, HOLDS),
    ],
)
def test_threads_are_as_good_where_they_wait_as_well_as_processes(
    times: dict[str, float], outcome: Outcome
) -> None:
    holds, deciding = threads_as_good(paces(thread={"times": times}))
    assert holds is outcome
    assert deciding.startswith("Answers over HTTP: ")
    assert "by eight threads, " in deciding
    assert "; syncs of a file: " in deciding


def test_what_is_told_is_what_was_seen() -> None:
    _, deciding = threads_as_good(paces(thread={"times": {HTTP: 0.5, SYNC: 2}}))
    processes = "forked" if PROCESS is Way.FORK else "spawned"
    assert deciding == (
        f"Answers over HTTP: 731 /s by eight threads, 1.46 k/s by eight {processes} processes;"
        f" syncs of a file: 24 k/s by eight threads, 12 k/s by eight {processes} processes."
    )


def test_that_syncs_are_left_out_is_said_with_the_reason() -> None:
    times = {"times": {SYNC: 150}}
    seen = paces(thread=times, **{PROCESS.value: times})
    _, deciding = threads_as_good(seen)
    assert deciding.endswith(
        " processes. Syncs of a file are left out: one took 3.33 us, a write to the cache 10 us, so"
        " that nothing was waited for."
    )
    (more,) = [each for each in claims(seen) if each.claim.startswith("More threads sync more")]
    assert more.deciding == (
        "Syncs of a file tell nothing of it: one took 3.33 us, a write to the cache 10 us, so that"
        " nothing was waited for."
    )


def queried(*trials: Trial) -> str:
    """Return what is said of the user's server."""
    plan = make_plan(rows=("io-bound",), postgres=True)
    _, deciding = threads_as_good(Paces(plan=plan, trials=[*all_ways(), *trials]))
    told, _, queries = deciding.partition("processes. ")
    assert told.startswith("Answers over HTTP: ")
    return queries


def test_what_the_user_s_server_answered_is_told_and_decides_nothing() -> None:
    slow = [asked(Way.THREAD, 6_000.0), asked(PROCESS, 24_000.0), asked(None, 12_000.0)]
    processes = "forked" if PROCESS is Way.FORK else "spawned"
    assert queried(*slow) == (
        f"Queries to PostgreSQL: 6 k/s by eight threads, 24 k/s by eight {processes} processes, 12"
        " k/s by eight tasks of asyncio; they decide nothing here."
    )


def test_why_the_user_s_server_was_not_asked_is_told() -> None:
    lacks = "psycopg is not installed: pip install 'gilbench[postgres]'"
    absent = {"figures": {}, "status": Status.UNAVAILABLE, "reason": lacks}
    trials = [asked(way, 1.0, **absent) for way in (Way.THREAD, PROCESS, None)]
    assert queried(*trials) == f"PostgreSQL was not measured: {lacks}."
    assert queried() == "PostgreSQL was not measured: it ended before."
    gone = asked(PROCESS, 1.0, figures={}, status=Status.FAILED, reason="too many clients already")
    assert queried(asked(Way.THREAD, 6_000.0), gone) == (
        "Queries to PostgreSQL: 6 k/s by eight threads; they decide nothing here."
        " Not so by "
        f"{'forked' if PROCESS is Way.FORK else 'spawned'} processes: too many clients already."
    )


def test_a_server_that_nobody_named_is_not_spoken_of() -> None:
    assert "PostgreSQL" not in threads_as_good(paces())[1]


def test_without_processes_or_threads_nothing_is_decided() -> None:
    trials = [done(Way.THREAD), absent(Way.FORK, "no fork here"), absent(Way.SPAWN, "nor this")]
    seen = Paces(plan=PLAN, trials=trials)
    assert threads_as_good(seen) == (OPEN, "No processes were measured: no fork here.")
    seen = Paces(plan=PLAN, trials=[done(PROCESS), absent(Way.THREAD, "no")])
    assert threads_as_good(seen) == (OPEN, "Threads were not measured beside processes.")
    assert threads_as_good(Paces(plan=PLAN, trials=[]))[0] is OPEN
    assert claims(Paces(plan=PLAN, trials=[])) == ()
