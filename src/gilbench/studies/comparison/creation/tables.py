"""The lines and the fuller table of `creation`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench.comparison import Cell, Fact, Figure, Table, TableLine, Unit, Way
from gilbench.studies.comparison.creation.course import CREATIONS
from gilbench.studies.comparison.creation.ledger import Time
from gilbench.studies.comparison.medians import cells, with_ratios
from gilbench.studies.comparison.ways import joined

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gilbench.studies.comparison.creation.ledger import Ledger

__all__ = ["facts", "headline", "tables"]

_FACTS: Final[Mapping[Time, str]] = {
    Time.START: "time to start",
    Time.JOIN: "time to join one with nothing to do",
    Time.TASK: "time from start to the first task done",
    Time.POOLED: "time of a task in a warm pool",
}


def headline(ledger: Ledger) -> Fact:
    """Return the row's own line: how long a worker with nothing to do takes to start and join."""
    return Fact(name="time to start a worker and to join it", columns=_line(ledger, Time.BOTH))


def facts(ledger: Ledger) -> tuple[Fact, ...]:
    """Return the further lines."""
    told = []
    for time, name in _FACTS.items():
        told.append(Fact(name=name, columns=_line(ledger, time)))
        if time is Time.TASK and ledger.plan.imports:
            imports = ", ".join(ledger.plan.imports)
            told.append(Fact(name=f"the same, import {imports}", columns=_line(ledger, Time.LADEN)))
    rates = {way: ledger.rate(way) for way in Way}
    told.insert(
        2,
        Fact(
            name="rate, started and joined one after the other",
            columns=cells(rates, Unit.PER_SECOND, ledger.lacking(Time.BOTH)),
        ),
    )
    fewer = ledger.fewer(CREATIONS)
    seen = f", reckoned from {joined(fewer)}" if fewer else ""
    told.append(
        Fact(name=f"growth of the parent over {CREATIONS} creations{seen}", columns=_growth(ledger))
    )
    return tuple(told)


def tables(ledger: Ledger) -> tuple[Table, ...]:
    """Return what the very first took, which loads what the way needs.

    Nothing of a quick run, in which it may have been loaded for other trials.
    """
    if ledger.plan.quick:
        return ()
    firsts = {Time.BOTH: "start and join"}
    if ledger.plan.imports:
        firsts[Time.LADEN] = f"first task done, import {', '.join(ledger.plan.imports)}"
    lines = []
    for way in Way:
        found = [ledger.first(way, time) for time in firsts]
        if any(each is not None for each in found):
            line = tuple(
                Cell(figure=None if each is None else each.figure(Unit.NANOSECONDS))
                for each in found
            )
            lines.append(TableLine(label=str(way), cells=line))
    if not lines:
        return ()
    return (
        Table(
            title="The very first of a process: it loads what the way needs, a fork server too",
            headings=tuple(firsts.values()),
            lines=tuple(lines),
        ),
    )


def _line(ledger: Ledger, time: Time) -> dict[Way, Cell]:
    return cells(ledger.times(time), Unit.NANOSECONDS, ledger.lacking(time))


def _growth(ledger: Ledger) -> dict[Way, Cell]:
    reasons = ledger.no_growth()
    line = {}
    for way in Way:
        growth = ledger.growth(way)
        if growth is None:
            line[way] = Cell(unavailable=reasons.get(way))
        else:
            figure = Figure(value=growth.over(CREATIONS), unit=Unit.BYTES)
            line[way] = Cell(figure=figure)
    return with_ratios(line)
