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
from gilbench.studies.comparison.io_bound.syncs import why_no_waiting
from gilbench.studies.comparison.io_bound.verdicts import (
    ABOUT,
    at_least,
    beside_processes,
    by,
    with_most,
)
from gilbench.studies.comparison.io_bound.words import capital, told, workers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gilbench.studies.comparison.io_bound.paces import Paces

__all__ = ["claims"]

# Whom any number of workers makes no faster than that has no reason for more than one.
_GAIN: Final = 1.5
# What takes half as long again is held up.
_HELD_UP: Final = 1.5
# Nobody writes a program in another way for less than that.
_MORE: Final = 1.2
# What takes twice as long is not as good.
_TWICE: Final = 2.0


def claims(paces: Paces) -> tuple[Claim, ...]:
    """Return the further claims, of what was measured."""
    return tuple(_claims(paces))


def _claims(paces: Paces) -> Iterator[Claim]:
    process = paces.process_way()
    threads = [Way.THREAD]
    yield from _gain(paces, "More threads get more answers: they wait together.", HTTP, threads)
    yield from _syncs(paces, threads)
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
    claim = "Threads read files as fast as processes: that releases the GIL."
    verdicts, seen = beside_processes(paces, (READ,), process)
    if seen:
        yield Claim(claim=claim, holds=all_of(verdicts), deciding=seen)
    else:
        yield from _lacking(paces, claim, READ, (Way.THREAD, process))


def _syncs(paces: Paces, ways: Sequence[Way]) -> Iterator[Claim]:
    """Yield whether several threads sync more than one, where that is to wait."""
    claim = "More threads sync more: they wait together."
    no_waiting = why_no_waiting(paces)
    if no_waiting is None:
        yield from _gain(paces, claim, SYNC, ways)
    else:
        yield _open(claim, f"{ABOUT[SYNC]} tell nothing of it: {no_waiting}")


def _gain(paces: Paces, claim: str, kind: str, ways: Sequence[Way]) -> Iterator[Claim]:
    """Yield whether several workers of the first way do half as much again as one.

    What those of the others do is told beside it.
    """
    work, alone = with_most(paces, kind), Work(kind=kind, workers=1)
    found = {way: (paces.rate(way, work), paces.rate(way, alone)) for way in ways}
    several, one = found[ways[0]]
    if several is None or one is None or work == alone:
        yield from _lacking(paces, claim, kind, ways[:1])
        return
    seen = [
        f"{by(way, work.workers, together)}, {by(way, 1, single)}"
        for way, (together, single) in found.items()
        if together is not None and single is not None
    ]
    yield Claim(
        claim=claim,
        holds=all_of([at_least(several, one, _GAIN)]),
        deciding=f"{capital(ABOUT[kind])}: {'; '.join(seen)}.",
    )


def _held_up(paces: Paces, claim: str, way: Way, *, claimed: bool = True) -> Iterator[Claim]:
    """Yield whether answers take half as long again where one more worker computes, or do not."""
    without = Work(kind=HTTP, workers=BESIDE_WORKERS)
    beside = Work(kind=HTTP, workers=BESIDE_WORKERS, beside=True)
    usual, usual_beside = paces.usual(way, without), paces.usual(way, beside)
    slow, slow_beside = paces.slow(way, without), paces.slow(way, beside)
    if usual is None or usual_beside is None or slow is None or slow_beside is None:
        return
    longer = at_least(usual_beside, usual, _HELD_UP)
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
        work = with_most(paces, kind)
        tasks, threads = paces.rate(None, work), paces.rate(Way.THREAD, work)
        cpu, cpu_of_threads = paces.cpu(None, work), paces.cpu(Way.THREAD, work)
        if tasks is None or threads is None or cpu is None or cpu_of_threads is None:
            continue
        verdicts.append(at_least(tasks, threads, _MORE))
        both = (by(None, work.workers, tasks), by(Way.THREAD, work.workers, threads))
        took = (told(cpu, Unit.NANOSECONDS), told(cpu_of_threads, Unit.NANOSECONDS))
        seen.append(
            f"{ABOUT[kind]}: {both[0]} (CPU time for each: {took[0]}), {both[1]} ({took[1]})"
        )
    if seen:
        deciding = f"{capital('; '.join(seen))}."
        claim = "asyncio gets more answers than threads."
        yield Claim(claim=claim, holds=all_of(verdicts), deciding=deciding)


def _asyncio_for_files(paces: Paces) -> Iterator[Claim]:
    """Yield whether asyncio reads files in less than twice the time of a plain call."""
    claim = "asyncio.to_thread is as good for files."
    work = Work(kind=READ, workers=1)
    task, thread = paces.usual(None, work), paces.usual(Way.THREAD, work)
    if task is None or thread is None:
        yield from _lacking(paces, claim, READ, (None, Way.THREAD))
        return
    slower = at_least(task, thread, _TWICE)
    yield Claim(
        claim=claim,
        holds=all_of([None if slower is None else not slower]),
        deciding=(
            f"A read of a cached file took {told(task, Unit.NANOSECONDS)} by asyncio.to_thread,"
            f" {told(thread, Unit.NANOSECONDS)} by a call."
        ),
    )


def _lacking(paces: Paces, claim: str, kind: str, ways: Sequence[Way | None]) -> Iterator[Claim]:
    """Yield that the claim stays open, where it was said why that I/O was not to be had."""
    reason = next(filter(None, (paces.lacking(way, kind) for way in ways)), None)
    if reason is not None:
        yield _open(claim, f"{ABOUT[kind]} were not measured: {reason}")


def _open(claim: str, why: str) -> Claim:
    return Claim(claim=claim, holds=Outcome.INCONCLUSIVE, deciding=f"{capital(why)}.")
