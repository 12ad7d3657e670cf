"""The headline and the further facts of each way, and the tables against the number of workers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gilbench.comparison import Cell, Fact, Table, TableLine, Unit, Way
from gilbench.studies.comparison.io_bound.kinds import (
    BESIDE,
    BESIDE_WORKERS,
    CURVES,
    HTTP,
    LABELS,
    POSTGRES,
    most,
)
from gilbench.studies.comparison.io_bound.paces import Work
from gilbench.studies.comparison.io_bound.words import heading
from gilbench.studies.comparison.medians import cells

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gilbench.studies.comparison.io_bound.paces import Paces
    from gilbench.studies.comparison.medians import Median

    _Of = Callable[[Way | None, Work], Median | None]

__all__ = ["facts", "headline", "tables"]


def headline(paces: Paces) -> Fact:
    """Return the row's own line: the answers per second that all workers get over HTTP, by way."""
    work = Work(kind=HTTP, workers=most(paces.plan))
    return Fact(
        name=f"requests of {work.workers} workers, {LABELS[HTTP]}",
        columns=_line(paces, paces.rate, work, Unit.PER_SECOND),
    )


def facts(paces: Paces) -> tuple[Fact, ...]:
    """Return the further lines, each a cell for every way: of the same answers, and other kinds."""
    workers = most(paces.plan)
    work = Work(kind=HTTP, workers=workers)
    beside = Work(kind=HTTP, workers=BESIDE_WORKERS, beside=True)
    lines: list[tuple[str, _Of, Work, Unit]] = [
        ("99th percentile of a request", paces.slow, work, Unit.NANOSECONDS),
        ("CPU time of a request", paces.cpu, work, Unit.NANOSECONDS),
        (
            f"request of {BESIDE_WORKERS} workers, beside one that computes",
            paces.usual,
            beside,
            Unit.NANOSECONDS,
        ),
        *(
            (
                f"{workers} workers, {LABELS[kind]}",
                paces.rate,
                Work(kind=kind, workers=workers),
                Unit.PER_SECOND,
            )
            for kind in (*CURVES, POSTGRES)
            if kind != HTTP and workers in paces.counts(kind)
        ),
    ]
    return tuple(
        Fact(name=name, columns=_line(paces, of, which, unit)) for name, of, which, unit in lines
    )


def tables(paces: Paces) -> tuple[Table, ...]:
    """Return what was measured by kind and number of workers, asyncio beside them."""
    ways = _ways(paces)
    if not ways:
        return ()
    by_workers: tuple[tuple[str, _Of, Unit], ...] = (
        ("Requests per second, of all workers together", paces.rate, Unit.PER_SECOND),
        ("What a request takes, 99th percentile", paces.slow, Unit.NANOSECONDS),
        ("CPU time of a request, of whoever asks", paces.cpu, Unit.NANOSECONDS),
    )
    return (
        *(_table(paces, ways, title, of, unit) for title, of, unit in by_workers),
        _beside(paces, ways),
    )


def _table(paces: Paces, ways: Sequence[Way | None], title: str, of: _Of, unit: Unit) -> Table:
    return Table(
        title=title,
        headings=tuple(map(heading, ways)),
        lines=tuple(
            TableLine(
                label=f"{label}: {count}",
                cells=tuple(
                    _cell(paces, of, way, Work(kind=kind, workers=count), unit) for way in ways
                ),
            )
            for kind, label in LABELS.items()
            for count in paces.counts(kind)
        ),
    )


def _beside(paces: Paces, ways: Sequence[Way | None]) -> Table:
    told: tuple[tuple[str, _Of], ...] = (("median", paces.usual), ("99th", paces.slow))
    return Table(
        title=f"What a request of {BESIDE_WORKERS} workers takes, beside one that computes",
        headings=tuple(map(heading, ways)),
        lines=tuple(
            TableLine(
                label=f"{LABELS[kind]}: {name}, {'beside it' if beside else 'without it'}",
                cells=tuple(
                    _cell(
                        paces,
                        of,
                        way,
                        Work(kind=kind, workers=BESIDE_WORKERS, beside=beside),
                        Unit.NANOSECONDS,
                    )
                    for way in ways
                ),
            )
            for kind in BESIDE
            for name, of in told
            for beside in (False, True)
        ),
    )


def _ways(paces: Paces) -> list[Way | None]:
    """Return the columns of the tables: one start method stands for all."""
    measured = (Way.THREAD, Way.INTERPRETER, paces.process_way(), None)
    return [way for way in dict.fromkeys(measured) if paces.tried(way)]


def _line(paces: Paces, of: _Of, work: Work, unit: Unit) -> dict[Way, Cell]:
    lacking = {way: paces.lacking(way, work.kind) for way in Way}
    return cells(
        {way: of(way, work) for way in Way},
        unit,
        {way: reason for way, reason in lacking.items() if reason is not None},
    )


def _cell(paces: Paces, of: _Of, way: Way | None, work: Work, unit: Unit) -> Cell:
    median = of(way, work)
    if median is None:
        return Cell(unavailable=paces.lacking(way, work.kind))
    return Cell(figure=median.figure(unit))
