"""The figures of all channels: the queue of each way, and tables of all by payload."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Final

from gilbench.comparison import Cell, Fact, Figure, Table, TableLine, Unit, Way
from gilbench.studies.comparison.communication.contest import Contest, side
from gilbench.studies.comparison.communication.words import payload, place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from gilbench.studies.comparison.communication.paces import Channel, Paces

    _Of = Callable[[Channel, int], Figure | None]

__all__ = ["facts", "headline", "tables"]

# The queue of each way, which articles mean; before Python 3.14 interpreters have a private one.
_QUEUES: Final[Mapping[Way, Sequence[str]]] = {
    Way.THREAD: ("queue",),
    Way.INTERPRETER: ("interpreter-queue", "interpreter-queue-polled"),
    Way.FORK: ("process-queue",),
    Way.FORKSERVER: ("process-queue",),
    Way.SPAWN: ("process-queue",),
}
_OF_QUEUES: Final = frozenset(name for names in _QUEUES.values() for name in names)

# Of the payloads between the smallest and the largest, the one that the table of ways tells of.
_BETWEEN: Final = 2**18


def headline(paces: Paces) -> Fact:
    """Return the row's own line: round trips of the smallest payload through each way's queue."""
    if not paces.sizes:
        return Fact(name="round trip through a queue", columns=_cells(paces, 0, 0, _trip))
    cores, size = paces.cores[0], paces.sizes[0]
    return Fact(
        name=f"round trip of {payload(size)} through a queue{place(cores)}",
        columns=_cells(paces, cores, size, _trip),
    )


def facts(paces: Paces) -> tuple[Fact, ...]:
    """Return the further lines, each a cell for every way: of slow trips, larger ones, a stream."""
    if not paces.sizes:
        return ()
    most, *fewer = paces.cores
    sizes = sorted({s for each in paces.on(most) if each.name in _OF_QUEUES for s in each.trip})
    smallest = paces.sizes[0]
    told: list[tuple[str, int, int, _Of]] = [
        (f"round trip of {payload(smallest)}{place(cores)}", cores, smallest, _trip)
        for cores in fewer
    ]
    told.append((f"99th percentile of {payload(smallest)}{place(most)}", most, smallest, _slow))
    for size in sorted({_BETWEEN, *sizes[-1:]} & {*sizes[1:]}):
        told.append((f"round trip of {payload(size)}{place(most)}", most, size, _trip))
        told.append((f"{payload(size)} after another{place(most)}", most, size, _rate))
    lines = [(name, _cells(paces, cores, size, of)) for name, cores, size, of in told]
    return tuple(
        Fact(name=name, columns=cells)
        for name, cells in lines
        if any(cell.figure for cell in cells.values())
    )


def tables(paces: Paces) -> tuple[Table, ...]:
    """Return all that was measured, by channel and payload, and where the quicker one changes."""
    told: list[tuple[str, int, _Of]] = [
        *(("Round trip, median", cores, _trip) for cores in paces.cores),
        *(("Round trip, 99th percentile", cores, _slow) for cores in paces.cores),
        *(("One way, one after another", cores, _rate) for cores in paces.cores[:1]),
    ]
    by_payload = (_by_payload(paces, title, cores, of) for title, cores, of in told)
    return (*(table for table in by_payload if table.lines), *_crossings(paces))


def _by_payload(paces: Paces, title: str, cores: int, of: _Of) -> Table:
    """Return a line for each channel that has a figure, and a column for each payload."""
    channels = [channel for channel in paces.channels if channel.cores == cores]
    sizes = sorted({size for each in channels for size in each.trip if of(each, size)})
    others = {channel.name for channel in channels if channel not in paces.on(cores)}
    return Table(
        title=f"{title}{place(cores)}",
        headings=tuple(map(payload, sizes)),
        lines=tuple(
            TableLine(
                label=f"{each.label}, {each.way}" if each.name in others else each.label,
                cells=tuple(Cell(figure=of(each, size)) for size in sizes),
            )
            for each in channels
            if any(of(each, size) for size in sizes)
        ),
    )


def _crossings(paces: Paces) -> Iterator[Table]:
    """Yield, for each number of cores, where the quicker of two changes, if it does anywhere."""
    for cores in paces.cores:
        contests = (
            Contest(cores=cores, first=side(one), second=side(other))
            for one, other in combinations(paces.on(cores), 2)
            if {one.way, other.way}.isdisjoint({Way.THREAD, Way.INTERPRETER})
            or {one.name, other.name} <= _OF_QUEUES
        )
        lines = [
            TableLine(
                label=f"{crossing.before}, then {crossing.after}",
                cells=tuple(
                    Cell(figure=Figure(value=size, unit=Unit.BYTES))
                    for size in (crossing.low, crossing.size, crossing.high)
                ),
            )
            for contest in contests
            for crossing in contest.crossings
        ]
        if lines:
            yield Table(
                title=f"Where the quicker of two changes{place(cores)}",
                headings=("the one up to", "cross at about", "the other from"),
                lines=tuple(lines),
            )


def _cells(paces: Paces, cores: int, size: int, of: _Of) -> dict[Way, Cell]:
    figures = {way: _of_queue(paces, way, cores, size, of) for way in Way}
    thread = figures[Way.THREAD]
    return {
        way: _cell(paces, way, figure, None if way is Way.THREAD else thread)
        for way, figure in figures.items()
    }


def _of_queue(paces: Paces, way: Way, cores: int, size: int, of: _Of) -> Figure | None:
    found = (paces.find(name, cores, way) for name in _QUEUES[way])
    channel = next(filter(None, found), None)
    return None if channel is None else of(channel, size)


def _cell(paces: Paces, way: Way, figure: Figure | None, thread: Figure | None) -> Cell:
    if figure is None:
        return Cell(unavailable=paces.lacking(_QUEUES[way], way))
    alike = thread is not None and thread.unit is figure.unit
    return Cell(figure=figure, ratio=figure.value / thread.value if thread and alike else None)


def _trip(channel: Channel, size: int) -> Figure | None:
    return channel.trip[size].figure(Unit.NANOSECONDS) if size in channel.trip else None


def _slow(channel: Channel, size: int) -> Figure | None:
    slow = channel.trip_p99
    return slow[size].figure(Unit.NANOSECONDS) if size in slow else None


def _rate(channel: Channel, size: int) -> Figure | None:
    """Return the bytes a second, or where nothing is copied, the payloads a second."""
    if size not in channel.rate:
        return None
    if not channel.copies:
        return channel.rate[size].figure(Unit.PER_SECOND)
    rate = channel.rate[size]
    value, low, high = (size * each for each in (rate.value, rate.low, rate.high))
    return replace(rate, value=value, low=low, high=high).figure(Unit.BYTES_PER_SECOND)
