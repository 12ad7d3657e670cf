"""A trial of `io-bound`: workers of a way, or tasks of an event loop, wait for I/O together."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from gilbench.machine.interpreter import gil_enabled
from gilbench.trials.io_bound.crew import Crew
from gilbench.trials.io_bound.loop import Loop
from gilbench.trials.io_bound.schedule import read_schedule
from gilbench.trials.io_bound.tally import figures
from gilbench.trials.tried import Tried, UnavailableError
from gilbench.workloads.io.operation import MissingError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gilbench.comparison import Parameter, Way
    from gilbench.trials.io_bound.schedule import Entry
    from gilbench.trials.io_bound.window import Reading

__all__ = ["perform"]


def perform(name: str, way: Way | None, parameters: Mapping[str, Parameter], seed: int) -> Tried:  # noqa: ARG001 - it has one
    """Return what came of the windows that `schedule` names; `trials.Perform` says more.

    They come in shuffled order. `way` null is asyncio. `dsn` is the address of the server that
    `postgres` asks, where it is not that of libpq's variables. The figures are those of `tally`, by
    the entries' names; of a kind that cannot be had here, or no more, a word says why, and it has
    none. Whether the `gil` is `on` or `off` is a word, too.
    """
    entries = read_schedule(str(parameters["schedule"]))
    dsn = str(parameters["dsn"]) if "dsn" in parameters else None
    workers = max(entry.workers + entry.beside for entry in entries)
    lacking: dict[str, str] = {}
    with Loop(workers, dsn) if way is None else Crew(way, workers, dsn) as team:
        for kind in dict.fromkeys(entry.kind for entry in entries):
            try:
                team.open(kind, max(entry.workers for entry in entries if entry.kind == kind))
            except (MissingError, UnavailableError) as error:
                lacking[kind] = str(error)
                team.drop(kind)
        read = _read(team, entries, lacking, random.Random(seed))
    there = [entry for entry in entries if entry.kind not in lacking]
    if not there:
        raise UnavailableError(next(iter(lacking.values())))
    return Tried(
        figures={
            figure: values
            for entry in there
            for figure, values in figures(entry.name, read[entry.name]).items()
        },
        words=lacking | {"gil": "on" if gil_enabled() else "off"},
    )


def _read(
    team: Crew | Loop, entries: Sequence[Entry], lacking: dict[str, str], dice: random.Random
) -> dict[str, list[list[Reading]]]:
    """Return the readings of each window, by the names of the entries.

    Kinds that are lacking have none; one that is refused in the middle becomes one of them.
    """
    due = [(entry.name, window) for entry in entries for window in entry.windows]
    dice.shuffle(due)
    read: dict[str, list[list[Reading]]] = {entry.name: [] for entry in entries}
    for name, window in due:
        if window.kind in lacking:
            continue
        try:
            read[name].append(team.run(window))
        except UnavailableError as error:
            lacking[window.kind] = str(error)
            team.drop(window.kind)
    return read
