"""What is tried, and for how long: the trials of `io-bound`."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Final

from gilbench.comparison import Way
from gilbench.model import Status
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
from gilbench.studies.comparison.race import process_way
from gilbench.trials.io_bound.schedule import Entry, schedule_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from gilbench.comparison import FactsPlan, Trial
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

    In those, processes of one start method stand for all: they differ in the start only.
    """
    began_ns = now_ns()
    again = (Way.THREAD, Way.INTERPRETER, process_way(), None)
    if plan.postgres:
        # At first: whether it answers is known then.
        schedule = schedule_text(_of_postgres(plan))
        for way in again:
            yield laboratory.trial(row, POSTGRES_TRIAL, way, schedule=schedule)
    due = _schedules(plan)
    dice = random.Random(plan.seed)
    took_ns: dict[Way | None, int] = {}
    for round in range(_MOST_ROUNDS):
        for way in dice.sample(list(due), len(due)):
            before_ns = now_ns()
            if round and before_ns + took_ns[way] > began_ns + budget_ns:
                return
            trial = laboratory.trial(row, REQUESTS, way, round=round, schedule=due[way])
            yield trial
            took_ns[way] = now_ns() - before_ns
            if trial.status is not Status.OK:
                del due[way]
        due = {way: schedule for way, schedule in due.items() if way in again}


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
        Entry(kind=HTTP, workers=BESIDE_WORKERS, beside=True, span_ms=80, times=3),
        Entry(kind=READ, workers=BESIDE_WORKERS, beside=True, span_ms=30, times=2),
    ]


def _of_clients(plan: FactsPlan) -> Sequence[Entry]:
    """Return the windows in which threads and asyncio ask by the same client."""
    entries = [Entry(kind=SOCKET, workers=most(plan), span_ms=15, times=3)]
    if not plan.quick:
        entries.append(Entry(kind=HTTPX, workers=most(plan), span_ms=15, times=3))
        entries.append(Entry(kind=MANY, workers=MANY_AT_ONCE, span_ms=60, times=2))
    return entries


def _of_postgres(plan: FactsPlan) -> Sequence[Entry]:
    return [Entry(kind=POSTGRES, workers=count, span_ms=20, times=3) for count in (1, most(plan))]
