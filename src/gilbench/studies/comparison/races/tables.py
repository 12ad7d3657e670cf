"""The further facts and the tables of `races`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench.comparison import Cell, Fact, Figure, Table, TableLine, Unit, Way
from gilbench.studies.comparison.medians import with_ratios
from gilbench.studies.comparison.races.forms import (
    ATOMIC,
    CALLING,
    CELL,
    LOCK,
    MESSAGE,
    OF_MEMORY,
    OF_THREADS,
    PLAIN,
    SAFE,
    forms_of,
    unsafe_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gilbench.studies.comparison.races.tally import Tally

__all__ = ["facts", "headline", "losing_form", "tables"]

_COSTS: Final[Mapping[str, str]] = {
    LOCK: "time of an update under a lock",
    ATOMIC: "time of an update of an atomic, in native code",
    MESSAGE: "time of an update that is sent to its owner",
}


def losing_form(tally: Tally, way: Way) -> str:
    """Return the form that stands for a way in the table: one that can lose."""
    if way is not Way.THREAD:
        return CELL
    return CALLING[0] if tally.gil() else PLAIN[0]


def headline(tally: Tally) -> Fact:
    """Return the row's own line: the share of updates lost, in the form that stands for a way."""
    return Fact(
        name="updates lost that nothing makes safe",
        columns=with_ratios({way: tally.share_cell(way, losing_form(tally, way)) for way in Way}),
    )


def facts(tally: Tally) -> tuple[Fact, ...]:
    """Return what an update takes, without anything that makes it safe and with each that does."""
    return (
        Fact(
            name="time of an update that is not made safe",
            columns={way: _cost(tally, way, unsafe_of(way)) for way in Way},
        ),
        *(
            Fact(name=name, columns={way: _cost(tally, way, form) for way in Way})
            for form, name in _COSTS.items()
        ),
    )


def tables(tally: Tally) -> tuple[Table, ...]:
    """Return what was lost by form, and what it costs to lose nothing."""
    return (_of_threads(tally), _of_memory(tally), _costs(tally))


def _of_threads(tally: Tally) -> Table:
    short = bool(tally.gil() and tally.count(Way.THREAD, PLAIN, short=True).made)
    headings = ("lost", "updates", "lost, switched every 1 us", "updates, switched every 1 us")
    return Table(
        title="Updates lost by two threads, as they are written",
        headings=headings if short else headings[:2],
        lines=tuple(
            TableLine(
                label=label,
                cells=tuple(
                    cell
                    for often in (False, True)[: 1 + short]
                    for cell in (
                        tally.share_cell(Way.THREAD, form, short=often),
                        _made(tally, Way.THREAD, form, short=often),
                    )
                ),
            )
            for form, label in OF_THREADS.items()
        ),
    )


def _of_memory(tally: Tally) -> Table:
    ways = tuple(way for way in Way if way is not Way.THREAD)
    return Table(
        title="Updates lost on memory that is shared",
        headings=tuple(way.value for way in ways),
        lines=(
            *(
                TableLine(
                    label=label,
                    cells=tuple(
                        tally.share_cell(way, form) if form in forms_of(way) else Cell()
                        for way in ways
                    ),
                )
                for form, label in OF_MEMORY.items()
            ),
            TableLine(
                label="updates, in all",
                cells=tuple(_made(tally, way, *OF_MEMORY) for way in ways),
            ),
        ),
    )


def _costs(tally: Tally) -> Table:
    return Table(
        title="Time of a safe update, over that of one that is not",
        headings=tuple(way.value for way in Way),
        lines=tuple(
            TableLine(
                label=OF_MEMORY[form] if form != LOCK else "a lock",
                cells=tuple(_ratio(tally, way, form) for way in Way),
            )
            for form in SAFE
        ),
    )


def _made(tally: Tally, way: Way, *forms: str, short: bool = False) -> Cell:
    count = tally.count(way, forms, short=short)
    return Cell(figure=Figure(value=count.made, unit=Unit.COUNT)) if count.made else Cell()


def _cost(tally: Tally, way: Way, form: str) -> Cell:
    cost, thread = tally.cost(way, form), tally.cost(Way.THREAD, _same(form))
    if cost is None:
        return Cell(unavailable=tally.lacking(way, form))
    return Cell(
        figure=cost.figure(Unit.NANOSECONDS),
        ratio=cost.value / thread.value if thread and way is not Way.THREAD else None,
    )


def _same(form: str) -> str:
    """Return the form of threads that one of the other ways is compared with."""
    return form if form in OF_THREADS else unsafe_of(Way.THREAD)


def _ratio(tally: Tally, way: Way, form: str) -> Cell:
    ratio = tally.ratio(way, form, unsafe_of(way))
    if ratio is None:
        return Cell(unavailable=tally.lacking(way, form))
    return Cell(figure=ratio.figure(Unit.FACTOR))
