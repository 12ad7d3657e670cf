"""What is left in the parent of workers that have ended: its memory over many creations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench._native.clock import now_ns
from gilbench.backends.backend import WorkerFailedError
from gilbench.machine.processors import cores
from gilbench.trials import ways
from gilbench.trials.creation.cycle import NOTHING
from gilbench.trials.memory.reading import own
from gilbench.trials.tried import Tried

if TYPE_CHECKING:
    from collections.abc import Callable

    from gilbench.comparison import Way

__all__ = ["growth"]

# As many come first: those grow it once and for all, by modules, arenas and stacks that are kept.
_STEP: Final = 5
# With fewer, what comes every time is not told from what came once.
_FEWEST_STEPS: Final = 3


def growth(way: Way, creations: int, span_ns: int) -> Tried:
    """Return this process's memory before and after every five creations, up to so many.

    Of five it is the least that was seen after one of them: what an allocator keeps for a while and
    then gives back comes and goes. Five come before all. It ends after `span_ns`, though not before
    fifteen, with those made by then: `creations` is how many.
    Processes are started as many at a time as there are cores: they take long.
    """
    start = ways.starter(way, NOTHING, bare=True)
    at_once = cores() if way in ways.PROCESS_WAYS else 1
    ends = now_ns() + span_ns
    sizes = [_create(start, _STEP, at_once)]
    made = 0
    while made < creations and (made < _FEWEST_STEPS * _STEP or now_ns() < ends):
        sizes.append(_create(start, _STEP, at_once))
        made += _STEP
    return Tried(figures={"creations": (made,), "memory_bytes": tuple(sizes)})


def _create(start: Callable[[], ways.Started], count: int, at_once: int) -> float:
    """Return the least memory after each of so many creations, or so many at once."""
    sizes: list[float] = []
    while count > 0:
        workers = [start() for _ in range(min(count, at_once))]
        count -= len(workers)
        for worker in workers:
            worker.join()
            if worker.problem is not None:
                raise WorkerFailedError(worker.problem)
        del workers, worker
        sizes.append(_size())
    return min(sizes)


def _size() -> float:
    reading = own()
    return reading.rss if reading.uss is None else reading.uss
