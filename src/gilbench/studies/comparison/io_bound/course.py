"""What is tried, and for how long: the trials of `io-bound`."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Final

from gilbench.comparison import ROW_NAMES, Trial, Way
from gilbench.errors import InputError
from gilbench.model import Status
from gilbench.studies.analysis.estimates import LEAST_ROUNDS
from gilbench.studies.comparison.io_bound.kinds import (
    BESIDE_WORKERS,
    CURVES,
    HTTP,
    HTTPX,
    MANY,
    MANY_AT_ONCE,
    POSTGRES,
    READ,
    SOCKET,
    counts,
    most,
)
from gilbench.studies.comparison.runners import process_way
from gilbench.trials.io_bound.schedule import Entry, schedule_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from gilbench.comparison import FactsPlan
    from gilbench.studies.comparison.laboratory import Laboratory

__all__ = ["POSTGRES_TRIAL", "REQUESTS", "course"]

REQUESTS: Final = "requests"
"""The trial in which one crew of a way does all kinds of I/O."""
POSTGRES_TRIAL: Final = "postgres"
"""The trial that is told the user's server: by this name."""

# A clock that stands still must not keep it for ever.
_MOST_ROUNDS: Final = 50


def course(
    row: str,
    plan: FactsPlan,
    laboratory: Laboratory,
    budget_ns: int,
    now_ns: Callable[[], int] = time.monotonic_ns,
) -> Iterator[Trial]:
    """Yield a round of all ways, in shuffled order, and as much of others as there is time for.

    In those, processes of one start method stand for all: they differ in the start only. Raises
    InputError where the user's server does not answer; once it has, it is only told.
    """
    began_ns = now_ns()
    again = (Way.THREAD, Way.INTERPRETER, process_way(), None)
    requests = {(REQUESTS, way): schedule for way, schedule in _schedules(plan).items()}
    queries = _queries(plan, [way for way in again if (REQUESTS, way) in requests])
    due = queries | requests
    dice = random.Random(plan.seed)
    took_ns: dict[tuple[str, Way | None], int] = {}
    answered = False
    for round in range(_MOST_ROUNDS):
        order = dice.sample(list(due), len(due))
        if round == 0:
            # Whether the user's server answers is to be known at first.
            order = [*queries, *(each for each in order if each not in queries)]
        for each in order:
            before_ns = now_ns()
            if round and before_ns + took_ns[each] > began_ns + budget_ns:
                return
            name, way = each
            try:
                trial = laboratory.trial(row, name, way, round=round, schedule=due[each])
            except InputError as error:
                if not answered:
                    raise
                trial = _refused(row, each, round, due[each], str(error))
            yield trial
            took_ns[each] = now_ns() - before_ns
            if trial.status is not Status.OK:
                del due[each]
            elif name == POSTGRES_TRIAL:
                answered = True
        due = {each: schedule for each, schedule in due.items() if each[1] in again}


def _refused(
    row: str, what: tuple[str, Way | None], round: int, schedule: str, reason: str
) -> Trial:
    return Trial(
        row=row,
        name=what[0],
        way=what[1],
        parameters={"schedule": schedule},
        round=round,
        status=Status.FAILED,
        reason=reason,
    )


def _schedules(plan: FactsPlan) -> dict[Way | None, str]:
    """Return what is done in each way; null is asyncio, the rival of them all."""
    every = [*_of_http(plan), *_of_files_and_databases(plan), *_beside(plan)]
    schedules: dict[Way | None, Sequence[Entry]] = {
        Way.THREAD: [*every, *_of_clients(plan)],
        process_way(): every,
        None: [*every, *_of_clients(plan)],
    }
    if not plan.quick:
        schedules[Way.INTERPRETER] = every
        for way in Way:
            schedules.setdefault(way, _headline(plan))
    return {way: schedule_text(entries) for way, entries in schedules.items()}


def _headline(plan: FactsPlan) -> Sequence[Entry]:
    """Return the windows of the headline: six, the fewest that make an interval."""
    return [Entry(kind=HTTP, workers=most(plan), span_ms=15, times=6)]


def _of_http(plan: FactsPlan) -> Sequence[Entry]:
    one, *between, _ = (1, BESIDE_WORKERS, most(plan)) if plan.quick else counts(plan)
    return [
        Entry(kind=HTTP, workers=one, span_ms=20, times=2 if plan.quick else 3),
        *(Entry(kind=HTTP, workers=count, span_ms=20, times=2) for count in between),
        *_headline(plan),
    ]


def _of_files_and_databases(plan: FactsPlan) -> Sequence[Entry]:
    """Return windows of three switch intervals: one, but three where claims rest on them."""
    ends = (1, most(plan))
    if plan.quick:
        return [Entry(kind=READ, workers=1, span_ms=15, times=2)]
    return [
        Entry(kind=kind, workers=count, span_ms=15, times=3 if count in ends else 1)
        for kind in CURVES
        if kind != HTTP
        for count in counts(plan)
    ]


def _beside(plan: FactsPlan) -> Sequence[Entry]:
    """Return windows beside a worker that computes: some requests take a third of one."""
    if plan.quick:
        return [Entry(kind=HTTP, workers=BESIDE_WORKERS, beside=True, span_ms=60, times=2)]
    return [
        Entry(kind=HTTP, workers=BESIDE_WORKERS, beside=True, span_ms=60, times=3),
        Entry(kind=READ, workers=BESIDE_WORKERS, beside=True, span_ms=30, times=2),
    ]


def _of_clients(plan: FactsPlan) -> Sequence[Entry]:
    """Return the windows in which threads and asyncio ask by the same client."""
    entries = [Entry(kind=SOCKET, workers=most(plan), span_ms=15, times=3)]
    if not plan.quick:
        entries.append(Entry(kind=HTTPX, workers=most(plan), span_ms=15, times=3))
        entries.append(Entry(kind=MANY, workers=MANY_AT_ONCE, span_ms=60, times=2))
    return entries


def _queries(plan: FactsPlan, ways: Sequence[Way | None]) -> dict[tuple[str, Way | None], str]:
    """Return what the user's server is asked in these ways, where one was named.

    Not by subinterpreters, where the whole table has to come in time: each has to load psycopg, and
    all of them together take as long as the other ways do.
    """
    if not plan.postgres:
        return {}
    schedule = schedule_text(_asked_of_postgres(plan))
    left_out = {Way.INTERPRETER} if plan.rows == ROW_NAMES else set()
    return {(POSTGRES_TRIAL, way): schedule for way in ways if way not in left_out}


def _asked_of_postgres(plan: FactsPlan) -> Sequence[Entry]:
    """Return as many windows as make an interval, however few rounds there is time for."""
    ends = (most(plan),) if plan.quick else (1, most(plan))
    return [Entry(kind=POSTGRES, workers=count, span_ms=15, times=LEAST_ROUNDS) for count in ends]
