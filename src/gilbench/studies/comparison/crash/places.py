"""Where workers fail, and by what: what is tried, and what it is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench.comparison import Way
from gilbench.trials.crash.failure import Failure
from gilbench.trials.crash.place import Place

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CRASHES", "FAILURES", "PLACES", "POOLS", "PROCESSES", "WAYS"]

PROCESSES: Final = (Way.FORK, Way.FORKSERVER, Way.SPAWN)
"""The ways whose workers are processes."""

PLACES: Final[Mapping[Place, tuple[Way, ...]]] = {
    Place.WORKER: tuple(Way),
    Place.THREAD_POOL: (Way.THREAD,),
    Place.INTERPRETER_POOL: (Way.INTERPRETER,),
    Place.PROCESS_POOL: PROCESSES,
    Place.POOL: PROCESSES,
}
"""Of each place, the ways that its workers can be of."""

POOLS: Final[Mapping[Place, str]] = {
    Place.THREAD_POOL: "ThreadPool",
    Place.INTERPRETER_POOL: "InterpreterPool",
    Place.PROCESS_POOL: "ProcessPool",
    Place.POOL: "mp.Pool",
}
"""The pools, as they head a column."""

WAYS: Final[Mapping[Way, str]] = {
    Way.THREAD: "a thread",
    Way.INTERPRETER: "a subinterpreter",
    Way.FORK: "a forked process",
    Way.FORKSERVER: "a process of a fork server",
    Way.SPAWN: "a spawned process",
}
"""A worker of each way, in a sentence."""

FAILURES: Final[Mapping[Failure, str]] = {
    Failure.NULL_READ: "a null-pointer read",
    Failure.ABORT: "abort()",
    Failure.EXIT: "os._exit()",
    Failure.OVERFLOW: "a stack overflow",
    Failure.KILL: "SIGKILL",
    Failure.MEMORY: "running out of memory",
    Failure.EXCEPTION: "an exception",
    Failure.SYSTEM_EXIT: "sys.exit()",
    Failure.HANG: "a hang",
}
"""The failures, in a sentence; the worst come first."""

CRASHES: Final = (
    Failure.NULL_READ,
    Failure.ABORT,
    Failure.EXIT,
    Failure.OVERFLOW,
    Failure.KILL,
)
"""Those that Python has no say in."""
