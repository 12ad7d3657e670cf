"""The cells and tables of `crash`: failures by ways, and by pools."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from gilbench.comparison import Cell, Fact, Table, TableLine, Way
from gilbench.studies.comparison.crash import words
from gilbench.studies.comparison.crash.places import FAILURES, PLACES, POOLS, PROCESSES
from gilbench.trials.crash.failure import Failure
from gilbench.trials.crash.place import Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gilbench.studies.comparison.crash.scenes import Scene, Scenes

__all__ = ["facts", "headline", "tables"]

_Tell = Callable[["Scene"], str]
# Which place and ways a column is of.
_Column = tuple[Place, tuple[Way, ...]]

_BY_WAY: Final[tuple[_Column, ...]] = tuple((Place.WORKER, (way,)) for way in Way)
_BY_POOL: Final[tuple[_Column, ...]] = tuple((place, PLACES[place]) for place in POOLS)
_BY_METHOD: Final[tuple[_Column, ...]] = tuple((Place.PROCESS_POOL, (way,)) for way in PROCESSES)
_WAYS: Final = tuple(way.value for way in Way)
_POOLS: Final = tuple(POOLS.values())


def headline(scenes: Scenes) -> Fact:
    """Return the row's own line: what a null-pointer read takes along, by way."""
    return Fact(
        name="what a null-pointer read takes along",
        columns=_fact(scenes, Failure.NULL_READ, words.takes_along),
    )


def facts(scenes: Scenes) -> tuple[Fact, ...]:
    """Return what every other failure takes along, by way; only those that were tried."""
    tried = _tried(scenes, _BY_WAY)
    return tuple(
        Fact(name=f"what {name} takes along", columns=_fact(scenes, failure, words.takes_along))
        for failure, name in FAILURES.items()
        if failure in tried and failure is not Failure.NULL_READ
    )


def tables(scenes: Scenes) -> tuple[Table, ...]:
    """Return what else is told of workers by themselves, and all of pools."""
    every = (
        _table(scenes, "Time until the caller knew of it", _WAYS, _BY_WAY, None),
        _table(scenes, "What became of another worker's task", _WAYS, _BY_WAY, words.others),
        _table(scenes, "Who died, in a pool of two workers", _POOLS, _BY_POOL, words.died),
        _table(
            scenes,
            "What became of a task that ran beside it, and of those in the queue, in a pool",
            _POOLS,
            _BY_POOL,
            words.others,
        ),
        _table(scenes, "Time until the caller of a pool knew of it", _POOLS, _BY_POOL, None),
        _table(scenes, "Could the pool do a new task?", _POOLS, _BY_POOL, words.goes_on),
        _table(
            scenes,
            "Time until the caller of a ProcessPoolExecutor knew of it, by start method",
            tuple(way.value for way in PROCESSES),
            _BY_METHOD,
            None,
        ),
    )
    return tuple(table for table in every if table.lines)


def _fact(scenes: Scenes, failure: Failure, tell: _Tell) -> dict[Way, Cell]:
    return {
        way: _cell(scenes, column, failure, tell) for way, column in zip(Way, _BY_WAY, strict=True)
    }


def _table(
    scenes: Scenes,
    title: str,
    headings: tuple[str, ...],
    columns: tuple[_Column, ...],
    tell: _Tell | None,
) -> Table:
    """Return a line for each failure that was tried in these columns; `tell` null: the time."""
    tried = _tried(scenes, columns)
    return Table(
        title=title,
        headings=headings,
        lines=tuple(
            TableLine(
                label=label,
                cells=tuple(_cell(scenes, column, failure, tell) for column in columns),
            )
            for failure, label in FAILURES.items()
            if failure in tried
        ),
    )


def _tried(scenes: Scenes, columns: Sequence[_Column]) -> set[Failure]:
    return {scene.failure for place, ways in columns for scene in scenes.of([place], ways)}


def _cell(scenes: Scenes, column: _Column, failure: Failure, tell: _Tell | None) -> Cell:
    place, ways = column
    seen = scenes.of([place], ways, [failure])
    if not seen:
        reasons = [scenes.lacking(place, way, failure) for way in ways]
        return Cell(unavailable=next(filter(None, reasons), None))
    if tell is not None:
        return Cell(words=words.merged([(scene.way.value, tell(scene)) for scene in seen]))
    times = [scene.knew_ns for scene in seen if scene.knew_ns is not None]
    if len(times) == len(seen):
        return Cell(figure=scenes.figure(times))
    return Cell(
        words=words.merged([(scene.way.value, words.in_vain(scene) or "knew") for scene in seen])
    )
