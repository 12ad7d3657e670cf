"""A workload's pace: how long a unit takes, and whether the calling thread does all the work."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gilbench._native.clock import now_ns

if TYPE_CHECKING:
    from collections.abc import Callable

    from gilbench.worker import Task

__all__ = ["Pace", "calibrate"]

# The clock and a call cost some 200 ns; against this they are nothing.
_SHORTEST_TRY_NS: Final = 500_000
_TRIES: Final = 7
_ENOUGH_NS: Final = 100_000_000

# What else runs in a host (garbage of the conversation, the interpreter's own threads) is less.
_OTHERS_SHARE: Final = 0.05


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How a task works, alone on the machine.

    `ns_per_unit` is the best of several tries, since speed drifts. `alone` is false for work that
    other threads or processes of its own share in.
    """

    ns_per_unit: float
    alone: bool


def calibrate(
    task: Task,
    grain_ns: int,
    *,
    clock: Callable[[], int] = now_ns,
    others_clock: Callable[[], int] | None = None,
) -> Pace:
    """Return the pace of `task`.

    A try lasts about a grain, and at least long enough for the clock; tries end early for work
    that takes long. `others_clock` tells the CPU time of all but the calling thread.
    """
    others_clock = others_clock or _others_cpu_ns
    others, start = others_clock(), clock()
    ns_per_unit = _best(task, grain_ns, clock)
    others, spent = others_clock() - others, clock() - start
    return Pace(ns_per_unit=ns_per_unit, alone=others <= _OTHERS_SHARE * spent)


def _best(task: Task, grain_ns: int, clock: Callable[[], int]) -> float:
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


def _others_cpu_ns() -> int:
    """Return the CPU time of this process's other threads, and of its children that ended."""
    times = os.times()
    children_ns = round((times.children_user + times.children_system) * 1e9)
    return time.process_time_ns() - time.thread_time_ns() + children_ns


def _time(task: Task, units: int, clock: Callable[[], int]) -> int:
    start = clock()
    task.run(units)
    return clock() - start
