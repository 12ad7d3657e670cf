"""What is tried, and in which order: the trials of `crash`."""

from __future__ import annotations

import multiprocessing
import os
import random
import time
from typing import TYPE_CHECKING, Final

from gilbench.comparison import Way
from gilbench.model import Status
from gilbench.studies.comparison.crash.places import CRASHES, FAILURES, PLACES, PROCESSES
from gilbench.trials.crash import semaphores
from gilbench.trials.crash.failure import Failure
from gilbench.trials.crash.place import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from gilbench.comparison import FactsPlan, Trial
    from gilbench.studies.comparison.laboratory import Laboratory

__all__ = ["LIMIT_NS", "course"]

LIMIT_NS: Final = 250_000_000
"""How long the caller waits for what it may never be told: a hundred times what else it takes."""

# What the table and the claims on crashes rest on: all that is tried in a hurry, and once the
# budget has been spent.
_FEW: Final = (Failure.NULL_READ, Failure.KILL, Failure.EXCEPTION)
_FEW_IN_POOLS: Final = (Failure.KILL, Failure.EXCEPTION)
# So many times the budget may all failures of one start method, of threads and of subinterpreters
# take: a claim that rests on one that was left out would be made in one run and not in the next.
_PATIENCE: Final = 2
# More rounds of the crashes that processes outlive, for their times, as far as the budget goes.
_MOST_ROUNDS: Final = 4
# Their semaphores have names, which outlast a host that is ended in the middle.
_NAMED: Final = (Place.PROCESS_POOL, Place.POOL)

_Job = tuple[Place, Way]


def course(
    row: str,
    plan: FactsPlan,
    laboratory: Laboratory,
    budget_ns: int,
    now_ns: Callable[[], int] = time.monotonic_ns,
) -> Iterator[Trial]:
    """Yield a trial for each place, in shuffled order; then more of crashes in processes.

    Processes of further start methods come last: they fail as the others do, and if there is not
    time for all, it is the least loss.
    """
    dice = random.Random(plan.seed)
    began_ns = now_ns()

    def trial(job: _Job, failures: Sequence[Failure], round: int) -> Trial:
        place, way = job
        return laboratory.trial(
            row,
            place.value,
            way,
            round=round,
            fresh=place in _NAMED and way is not Way.FORK,
            failures=" ".join(failures),
            limit_ns=LIMIT_NS,
        )

    jobs = _jobs(plan)
    dice.shuffle(jobs)
    jobs.sort(key=_by_another_start_method)
    try:
        lasting = []
        for job in jobs:
            most_ns = budget_ns if _by_another_start_method(job) else _PATIENCE * budget_ns
            hurry = plan.quick or now_ns() - began_ns > most_ns
            tried = trial(job, _failures(job, hurry=hurry), 0)
            yield tried
            if job[0] is Place.WORKER and job[1] in PROCESSES and tried.status is Status.OK:
                lasting.append(job)
        if plan.quick or not lasting:
            return
        took_ns = (now_ns() - began_ns) // len(jobs) * len(lasting)
        for round in range(1, _MOST_ROUNDS):
            round_began_ns = now_ns()
            if round_began_ns - began_ns + took_ns > budget_ns:
                break
            for job in lasting:
                yield trial(job, CRASHES, round)
            took_ns = now_ns() - round_began_ns
    finally:
        semaphores.sweep(str(os.getpid()))


def _by_another_start_method(job: _Job) -> bool:
    return job[1] in PROCESSES and job[1] is not _usual()


def _failures(job: _Job, *, hurry: bool) -> tuple[Failure, ...]:
    if not hurry:
        return tuple(FAILURES)
    return _FEW if job[0] is Place.WORKER else _FEW_IN_POOLS


def _jobs(plan: FactsPlan) -> list[_Job]:
    """Return all places, multiprocessing's Pool by its usual start method only; in a hurry,
    ProcessPoolExecutor too.
    """
    by_one = (Place.POOL, Place.PROCESS_POOL) if plan.quick else (Place.POOL,)
    return [
        (place, way)
        for place, ways in PLACES.items()
        for way in ways
        if place not in by_one or way is _usual()
    ]


def _usual() -> Way:
    return Way(multiprocessing.get_all_start_methods()[0])
