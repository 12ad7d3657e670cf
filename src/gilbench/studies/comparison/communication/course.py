"""What is tried, and for how long: the trials of `communication`."""

from __future__ import annotations

import os
import random
import time
from typing import TYPE_CHECKING

from gilbench.model import Status
from gilbench.studies.comparison.communication.jobs import ALONE, passes, small_passes
from gilbench.trials.crash import semaphores

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gilbench.comparison import FactsPlan, Trial, Way
    from gilbench.studies.comparison.laboratory import Laboratory

__all__ = ["course"]


def course(
    row: str,
    plan: FactsPlan,
    laboratory: Laboratory,
    budget_ns: int,
    now_ns: Callable[[], int] = time.monotonic_ns,
) -> Iterator[Trial]:
    """Yield passes over the channels, each in shuffled order: of small payloads, or of large ones.

    After those that there must be, as many as there is time for.
    """
    try:
        yield from _passes(row, plan, laboratory, budget_ns, now_ns)
    finally:
        # What is left of a host that was ended in the middle.
        semaphores.sweep(str(os.getpid()))


def _passes(
    row: str,
    plan: FactsPlan,
    laboratory: Laboratory,
    budget_ns: int,
    now_ns: Callable[[], int],
) -> Iterator[Trial]:
    small, large = passes(plan)
    must = small_passes(plan)
    # Large ones in the middle of them.
    due = [small] * (must - must // 2) + [large] + [small] * (must // 2)
    took_ns = {id(small): 0, id(large): 0}
    absent: set[tuple[str, Way, int]] = set()
    dice = random.Random(plan.seed)
    ended_ns = began_ns = now_ns()
    round = 0
    while True:
        left_ns = budget_ns - (ended_ns - began_ns)
        due = due or [jobs for jobs in (large, small) if took_ns[id(jobs)] < left_ns][:1]
        if not due:
            return
        jobs = due.pop(0)
        for job in dice.sample(jobs, len(jobs)):
            if (job.name, job.way, job.cores) in absent:
                continue
            fresh = job.name in ALONE
            trial = laboratory.trial(
                row, job.name, job.way, round=round, fresh=fresh, **job.parameters()
            )
            yield trial
            if trial.status is not Status.OK:
                # It would be so again, and might take a minute to be.
                absent.add((job.name, job.way, job.cores))
        before_ns, ended_ns = ended_ns, now_ns()
        took_ns[id(jobs)] = ended_ns - before_ns
        round += 1
