"""What a reader must know of the scenes: how they were played, and what is strange in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench import durations
from gilbench.comparison import Way
from gilbench.studies.comparison.crash.places import FAILURES, WAYS
from gilbench.studies.comparison.crash.words import enumeration
from gilbench.trials.crash.failure import Failure
from gilbench.trials.crash.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gilbench.studies.comparison.crash.scenes import Scenes

__all__ = ["notes"]

_SCENE: Final = (
    "Each time, in a process of its own: two workers, one of which fails while the other is in the"
    " middle of a task; in a pool two more tasks are in the queue. The time is from the failure on,"
    " and the caller waits {limit} for it. By itself a worker fails with its only task: that an"
    " exception ends it too is no surprise."
)
_MEMORY: Final = (
    "Running out of memory is a MemoryError, at a limit that was set on the process; where the"
    " system kills a process for want of memory, it is SIGKILL. The other tasks need some, too."
)
_DECEIVED: Final = (
    "In {where} the error of {failures} was lost: the caller was told that the task was done."
)
_EXIT: Final = (
    "sys.exit() in a task of multiprocessing.Pool ends the worker, and its caller is told nothing."
)
_QUICK: Final = (
    "Quick: only {failures}, and of ProcessPoolExecutor only the usual start method were tried."
)
_LEFT_OUT: Final = "For want of time not all was tried; a dash stands for what was not."


def notes(scenes: Scenes) -> tuple[str, ...]:
    """Return the notes on what was played."""
    return tuple(_notes(scenes))


def _notes(scenes: Scenes) -> Iterator[str]:
    seen = scenes.of()
    if not seen:
        return
    tried = {scene.failure for scene in seen}
    yield _SCENE.format(limit=durations.format(max(scene.limit_ns for scene in seen)))
    if Failure.MEMORY in tried:
        yield _MEMORY
    deceived = [scene for scene in seen if scene.deceived]
    for way in Way:
        failures = dict.fromkeys(FAILURES[each.failure] for each in deceived if each.way is way)
        if failures:
            yield _DECEIVED.format(where=WAYS[way], failures=enumeration(failures))
    if any(scene.hung for scene in scenes.of([Place.POOL], failures=[Failure.SYSTEM_EXIT])):
        yield _EXIT
    if scenes.plan.quick:
        names = enumeration(name for failure, name in FAILURES.items() if failure in tried)
        yield _QUICK.format(failures=names)
    elif _left_out(scenes):
        yield _LEFT_OUT


def _left_out(scenes: Scenes) -> bool:
    seen = scenes.of()
    kinds = {(scene.place, scene.way) for scene in seen}
    return any(
        not scenes.of([place], [way], [failure]) and not scenes.lacking(place, way, failure)
        for place, way in kinds
        for failure in FAILURES
    )
