"""Passes over trials, as many as there is time for: the course of a row."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from gilbench.model import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from gilbench.comparison import Parameter, Trial, Way
    from gilbench.studies.comparison.laboratory import Laboratory

__all__ = ["Job", "Pass", "take_turns"]

# A clock that stands still must not keep it for ever.
_MOST_MORE: Final = 200


@dataclass(frozen=True, kw_only=True)
class Job:
    """A trial to be made, in a process of its own where it is `fresh`."""

    name: str
    way: Way
    fresh: bool = False
    parameters: Mapping[str, Parameter] = field(default_factory=dict)

    @property
    def key(self) -> tuple[object, ...]:
        """Return what tells it from others."""
        return (self.name, self.way, *sorted(self.parameters.items()))


Pass = tuple[Job, ...]
"""Trials that are compared: each is made once, in shuffled order."""


def take_turns(
    row: str,
    due: Sequence[Pass],
    more: Sequence[Pass],
    laboratory: Laboratory,
    *,
    budget_ns: int,
    seed: int,
    now_ns: Callable[[], int] = time.monotonic_ns,
) -> Iterator[Trial]:
    """Yield the passes that are due, then those of `more` in turn while there is time.

    A pass is begun if it would end in time, taking as long as it did before. A trial that is
    unavailable or fails is not made again, nor is a pass that is left with none.
    """
    dice = random.Random(seed)
    waiting = list(due)
    turn = 0
    absent: set[tuple[object, ...]] = set()
    took_ns: dict[int, int] = {}
    began_ns = now_ns()
    for round in range(len(due) + _MOST_MORE):
        start_ns = now_ns()
        if waiting:
            jobs = waiting.pop(0)
        else:
            left_ns = budget_ns - (start_ns - began_ns)
            fitting = [
                each
                for each in more
                if took_ns.get(id(each), 0) < left_ns
                and not absent.issuperset(job.key for job in each)
            ]
            if not fitting:
                return
            jobs = fitting[turn % len(fitting)]
            turn += 1
        for job in dice.sample(jobs, len(jobs)):
            if job.key in absent:
                continue
            trial = laboratory.trial(
                row, job.name, job.way, round=round, fresh=job.fresh, **job.parameters
            )
            yield trial
            if trial.status is not Status.OK:
                absent.add(job.key)
        took_ns[id(jobs)] = now_ns() - start_ns
