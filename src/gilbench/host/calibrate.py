"""How long a unit of a workload takes: the best of several tries, since speed drifts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench._native.clock import now_ns

if TYPE_CHECKING:
    from collections.abc import Callable

    from gilbench.worker import Task

__all__ = ["calibrate"]

# The clock and a call cost some 200 ns; against this they are nothing.
_SHORTEST_TRY_NS: Final = 500_000
_TRIES: Final = 7
_ENOUGH_NS: Final = 100_000_000


def calibrate(task: Task, grain_ns: int, clock: Callable[[], int] = now_ns) -> float:
    """Return the nanoseconds that one unit of `task` takes.

    A try lasts about a grain, and at least long enough for the clock; tries end early for work
    that takes long.
    """
    units, elapsed = 1, _time(task, 1, clock)
    spent = elapsed
    wanted = max(_SHORTEST_TRY_NS, min(grain_ns, _ENOUGH_NS // _TRIES))
    while elapsed < wanted:
        units *= min(64, max(2, wanted // max(elapsed, 1)))
        elapsed = _time(task, units, clock)
        spent += elapsed
    best = elapsed
    for _ in range(_TRIES - 1):
        if spent >= _ENOUGH_NS:
            break
        elapsed = _time(task, units, clock)
        spent += elapsed
        best = min(best, elapsed)
    return best / units


def _time(task: Task, units: int, clock: Callable[[], int]) -> int:
    start = clock()
    task.run(units)
    return clock() - start
