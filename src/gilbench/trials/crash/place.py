"""Where a worker fails: the kind of crew that it belongs to."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gilbench.trials.crash.crew import Crew

__all__ = ["Place", "crew", "why_unavailable"]


class Place(StrEnum):
    """A worker by itself, or in one of the pools of the standard library."""

    WORKER = "worker"
    THREAD_POOL = "ThreadPoolExecutor"
    INTERPRETER_POOL = "InterpreterPoolExecutor"
    PROCESS_POOL = "ProcessPoolExecutor"
    POOL = "multiprocessing.Pool"


def why_unavailable(place: Place) -> str | None:
    """Return why this interpreter has no such place, or null where it has."""
    if place is Place.INTERPRETER_POOL and sys.version_info < (3, 14):
        return "InterpreterPoolExecutor needs Python 3.14 or later"
    return None


def crew(place: Place, way: str) -> Crew:
    """Return workers of a way, in that place."""
    from gilbench.trials.crash import bare, pools

    makers: Mapping[Place, Callable[[], Crew]] = {
        Place.WORKER: lambda: bare.workers(way),
        Place.THREAD_POOL: pools.threads,
        Place.INTERPRETER_POOL: pools.interpreters,
        Place.PROCESS_POOL: lambda: pools.processes(way),
        Place.POOL: lambda: pools.pool(way),
    }
    return makers[place]()
