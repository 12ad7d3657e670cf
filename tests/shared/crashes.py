"""Trials of `crash` as they would come: what is seen of each failure, in each place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench.comparison import Trial, Way
from gilbench.model import Status
from gilbench.trials.crash.failure import Failure
from gilbench.trials.crash.place import Place

if TYPE_CHECKING:
    from collections.abc import Mapping

MS: Final = 1_000_000

# What is seen: words, and `knew_ns` or `killed_ns`.
Seen = dict[str, str | float]

PROGRAM: Final[Seen] = {"by": "a call", "died": "program", "ended": "was killed by SIGSEGV"}
HUNG: Final[Seen] = {
    "by": "a call",
    "hung": "True",
    "running": "done",
    "queued": "done",
    "goes_on": "yes",
    "died": "nobody",
}
REPLACED: Final[Seen] = {**HUNG, "died": "worker"}


def alone(knew_ms: float = 1.5) -> Seen:
    """Return what is seen of a worker that dies and leaves the others alone."""
    return {
        "by": "a call",
        "told": "exit code -11",
        "knew_ns": knew_ms * MS,
        "running": "done",
        "queued": "done",
        "goes_on": "yes",
        "died": "worker",
    }


def told(error: str = "ValueError", knew_ms: float = 0.1) -> Seen:
    """Return what is seen of a task that fails, and whose worker goes on."""
    return {**alone(knew_ms), "told": error, "died": "nobody"}


def broken(knew_ms: float = 2.0) -> Seen:
    """Return what is seen of a pool that breaks."""
    return {
        "by": "a call",
        "told": "BrokenProcessPool",
        "knew_ns": knew_ms * MS,
        "running": "lost",
        "queued": "lost",
        "goes_on": "BrokenProcessPool",
        "died": "workers",
    }


def crash_trial(
    place: Place,
    way: Way,
    seen: Mapping[Failure, Seen],
    *,
    round: int = 0,
    limit_ns: int = 250 * MS,
) -> Trial:
    """Return the trial in which this was seen."""
    queues = place is not Place.WORKER
    told = {
        f"{failure}.{what}": each
        for failure, some in seen.items()
        for what, each in some.items()
        if queues or what not in {"queued", "goes_on"}
    }
    return Trial(
        row="crash",
        name=place.value,
        way=way,
        parameters={"failures": " ".join(seen), "limit_ns": limit_ns},
        round=round,
        words={name: each for name, each in told.items() if isinstance(each, str)},
        figures={name: (each,) for name, each in told.items() if not isinstance(each, str)},
    )


def lacking_trial(place: Place, way: Way, reason: str) -> Trial:
    """Return the trial of what is not to be had."""
    return Trial(
        row="crash",
        name=place.value,
        way=way,
        parameters={"failures": "kill", "limit_ns": 250 * MS},
        round=0,
        status=Status.UNAVAILABLE,
        reason=reason,
    )


def usual_trials() -> list[Trial]:
    """Return what is mostly seen on a Python with subinterpreters, of some failures."""
    in_thread = {
        Failure.NULL_READ: PROGRAM,
        Failure.EXIT: PROGRAM,
        Failure.KILL: PROGRAM,
        Failure.MEMORY: alone(0.3),
        Failure.EXCEPTION: alone(0.1),
        Failure.SYSTEM_EXIT: alone(0.1),
        Failure.HANG: HUNG,
    }
    in_pool = {
        **in_thread,
        Failure.MEMORY: {**told("MemoryError"), "running": "lost", "queued": "lost"},
        Failure.EXCEPTION: told(),
        Failure.SYSTEM_EXIT: told("SystemExit"),
    }
    in_interpreter = {**in_thread, Failure.MEMORY: {**HUNG, "told": "done"}}
    del in_interpreter[Failure.MEMORY]["hung"]
    in_process = dict.fromkeys(in_thread, alone()) | {Failure.HANG: {**HUNG, "killed_ns": 0.9 * MS}}
    in_executor = {
        **dict.fromkeys((Failure.NULL_READ, Failure.EXIT, Failure.KILL), broken()),
        Failure.MEMORY: told("MemoryError"),
        Failure.EXCEPTION: told(),
        Failure.SYSTEM_EXIT: told("SystemExit"),
        Failure.HANG: HUNG,
    }
    in_mp_pool = {
        **dict.fromkeys((Failure.NULL_READ, Failure.EXIT, Failure.KILL), REPLACED),
        Failure.MEMORY: told("MemoryError"),
        Failure.EXCEPTION: told(),
        Failure.SYSTEM_EXIT: REPLACED,
        Failure.HANG: HUNG,
    }
    methods = (Way.FORK, Way.FORKSERVER, Way.SPAWN)
    return [
        crash_trial(Place.WORKER, Way.THREAD, in_thread),
        crash_trial(Place.WORKER, Way.INTERPRETER, in_interpreter),
        *(crash_trial(Place.WORKER, way, in_process) for way in methods),
        crash_trial(Place.THREAD_POOL, Way.THREAD, in_pool),
        lacking_trial(Place.INTERPRETER_POOL, Way.INTERPRETER, "needs Python 3.14 or later"),
        *(crash_trial(Place.PROCESS_POOL, way, in_executor) for way in methods),
        crash_trial(Place.POOL, Way.FORK, in_mp_pool),
    ]
