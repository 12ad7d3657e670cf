"""What articles say of I/O, and what became of it here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench.comparison import Claim, Outcome, Unit, Way
from gilbench.studies.comparison.beside_threads import all_of
from gilbench.studies.comparison.io_bound.kinds import (
    BESIDE_WORKERS,
    HTTP,
    MANY,
    READ,
    SOCKET,
    SQLITE,
    SYNC,
)
from gilbench.studies.comparison.io_bound.paces import Work
from gilbench.studies.comparison.io_bound.words import capital, told, workers
from gilbench.studies.comparison.ratio import ratio_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gilbench.studies.comparison.io_bound.paces import Paces
    from gilbench.studies.comparison.medians import Median

__all__ = ["claims", "threads_as_good"]

# Waiting for a server or for the disk, threads were seen to do 0.9 to 1.1 of what processes do.
# Reading cached files, which is no waiting, they did 0.25 to 0.5 with a GIL, and 0.9 without.
_AS_GOOD: Final = 0.65
# Whom any number of workers makes no faster than that has no reason for more than one.
_GAIN: Final = 1.5
# What takes half as long again is held up.
_HELD_UP: Final = 1.5
# Nobody writes a program in another way for less than that.
_MORE: Final = 1.2
# What takes twice as long is not as good.
_TWICE: Final = 2.0

_ABOUT: Final[Mapping[str, str]] = {
    HTTP: "answers over HTTP",
    SYNC: "syncs of a file",
    READ: "reads of a cached file",
    SQLITE: "queries to SQLite",
    MANY: "answers after 25 ms",
    SOCKET: "answers by plain sockets",
}


def threads_as_good(paces: Paces) -> tuple[Outcome, str]:
    """Return whether threads that wait do as much as processes, and what decides."""
    process = paces.process_way()
    if process is None:
        reasons = (paces.lacking(way) for way in (Way.FORK, Way.SPAWN))
        reason = next(filter(None, reasons), "it ended before")
        return Outcome.INCONCLUSIVE, f"No processes were measured: {reason}."
    verdicts, seen = _beside_processes(paces, (HTTP, SYNC), process)
    if not seen:
        return Outcome.INCONCLUSIVE, "Threads were not measured beside processes."
    return all_of(verdicts), seen


def claims(paces: Paces) -> tuple[Claim, ...]:
    """Return the further claims, of what was measured."""
    return tuple(_claims(paces))


def _claims(paces: Paces) -> Iterator[Claim]:
    process = paces.process_way()
    threads = [Way.THREAD]
    yield from _gain(paces, "More threads get more answers: they wait together.", HTTP, threads)
    yield from _gain(paces, "More threads sync more: they wait together.", SYNC, threads)
    if process is not None:
        yield from _cached(paces, process)
        threads.append(process)
    yield from _gain(
        paces, "More threads query SQLite faster: that releases the GIL.", SQLITE, threads
    )
    yield from _held_up(paces, "A thread that computes holds up those that wait.", Way.THREAD)
    if process is not None:
        yield from _held_up(
            paces, "A process that computes holds up no other.", process, claimed=False
        )
    yield from _asyncio_for_servers(paces)
    yield from _asyncio_for_files(paces)


def _cached(paces: Paces, process: Way) -> Iterator[Claim]:
    """Yield whether threads read cached files as processes do."""
    verdicts, seen = _beside_processes(paces, (READ,), process)
    if seen:
        claim = "Threads read files as fast as processes: that releases the GIL."
        yield Claim(claim=claim, holds=all_of(verdicts), deciding=seen)


def _gain(paces: Paces, claim: str, kind: str, ways: Sequence[Way]) -> Iterator[Claim]:
    """Yield whether several workers of the first way do half as much again as one.

    What those of the others do is told beside it.
    """
    work, alone = _most(paces, kind), Work(kind=kind, workers=1)
    found = {way: (paces.rate(way, work), paces.rate(way, alone)) for way in ways}
    several, one = found[ways[0]]
    if several is None or one is None or work == alone:
        return
    seen = [
        f"{_by(way, work.workers, together)}, {_by(way, 1, single)}"
        for way, (together, single) in found.items()
        if together is not None and single is not None
    ]
    yield Claim(
        claim=claim,
        holds=all_of([_at_least(several, one, _GAIN)]),
        deciding=f"{capital(_ABOUT[kind])}: {'; '.join(seen)}.",
    )


def _held_up(paces: Paces, claim: str, way: Way, *, claimed: bool = True) -> Iterator[Claim]:
    """Yield whether answers take half as long again where one more worker computes, or do not."""
    without = Work(kind=HTTP, workers=BESIDE_WORKERS)
    beside = Work(kind=HTTP, workers=BESIDE_WORKERS, beside=True)
    usual, usual_beside = paces.usual(way, without), paces.usual(way, beside)
    slow, slow_beside = paces.slow(way, without), paces.slow(way, beside)
    if usual is None or usual_beside is None or slow is None or slow_beside is None:
        return
    longer = _at_least(usual_beside, usual, _HELD_UP)
    yield Claim(
        claim=claim,
        holds=all_of([None if longer is None else longer is claimed]),
        deciding=(
            f"{capital(workers(way, BESIDE_WORKERS))} had their answers after"
            f" {told(usual, Unit.NANOSECONDS)} (99th percentile {told(slow, Unit.NANOSECONDS)}),"
            f" and beside one that computes after {told(usual_beside, Unit.NANOSECONDS)}"
            f" ({told(slow_beside, Unit.NANOSECONDS)})."
        ),
    )


def _asyncio_for_servers(paces: Paces) -> Iterator[Claim]:
    """Yield whether asyncio gets more answers than threads, by a client that does as little."""
    seen: list[str] = []
    verdicts: list[bool | None] = []
    for kind in (SOCKET, MANY):
        work = _most(paces, kind)
        tasks, threads = paces.rate(None, work), paces.rate(Way.THREAD, work)
        cpu, cpu_of_threads = paces.cpu(None, work), paces.cpu(Way.THREAD, work)
        if tasks is None or threads is None or cpu is None or cpu_of_threads is None:
            continue
        verdicts.append(_at_least(tasks, threads, _MORE))
        both = (_by(None, work.workers, tasks), _by(Way.THREAD, work.workers, threads))
        took = (told(cpu, Unit.NANOSECONDS), told(cpu_of_threads, Unit.NANOSECONDS))
        seen.append(
            f"{_ABOUT[kind]}: {both[0]} (CPU time for each: {took[0]}), {both[1]} ({took[1]})"
        )
    if seen:
        deciding = f"{capital('; '.join(seen))}."
        claim = "asyncio gets more answers than threads."
        yield Claim(claim=claim, holds=all_of(verdicts), deciding=deciding)


def _asyncio_for_files(paces: Paces) -> Iterator[Claim]:
    """Yield whether asyncio reads files in less than twice the time of a plain call."""
    work = Work(kind=READ, workers=1)
    task, thread = paces.usual(None, work), paces.usual(Way.THREAD, work)
    if task is None or thread is None:
        return
    slower = _at_least(task, thread, _TWICE)
    yield Claim(
        claim="asyncio.to_thread is as good for files.",
        holds=all_of([None if slower is None else not slower]),
        deciding=(
            f"A read of a cached file took {told(task, Unit.NANOSECONDS)} by asyncio.to_thread,"
            f" {told(thread, Unit.NANOSECONDS)} by a call."
        ),
    )


def _at_least(one: Median, other: Median, factor: float) -> bool | None:
    """Return whether `one` is so many times the other, with all of the ratio's interval; else null.

    Null, too, where one of them may be nothing.
    """
    ratio = ratio_of(one, other)
    if ratio is None:
        return None
    return True if ratio.low >= factor else False if ratio.high < factor else None


def _most(paces: Paces, kind: str) -> Work:
    """Return a kind of I/O with as many workers as it was tried with."""
    return Work(kind=kind, workers=max(paces.counts(kind), default=1))


def _beside_processes(
    paces: Paces, kinds: Sequence[str], process: Way
) -> tuple[list[bool | None], str]:
    """Return for each kind whether threads do as much as processes, and the sentence that says so.

    Both are empty where nothing was measured.
    """
    verdicts: list[bool | None] = []
    seen: list[str] = []
    for kind in kinds:
        work = _most(paces, kind)
        thread, other = paces.rate(Way.THREAD, work), paces.rate(process, work)
        if thread is None or other is None or work.workers == 1:
            continue
        verdicts.append(_at_least(thread, other, _AS_GOOD))
        both = (_by(Way.THREAD, work.workers, thread), _by(process, work.workers, other))
        seen.append(f"{_ABOUT[kind]}: {both[0]}, {both[1]}")
    return verdicts, f"{capital('; '.join(seen))}." if seen else ""


def _by(way: Way | None, number: int, rate: Median) -> str:
    return f"{told(rate, Unit.PER_SECOND)} by {workers(way, number)}"
