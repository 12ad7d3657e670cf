"""What is held against what, and by which margins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench.comparison import Unit, Way
from gilbench.studies.comparison.io_bound.kinds import (
    HTTP,
    MANY,
    POSTGRES,
    READ,
    SOCKET,
    SQLITE,
    SYNC,
)
from gilbench.studies.comparison.io_bound.paces import Work
from gilbench.studies.comparison.io_bound.words import capital, told, workers
from gilbench.studies.comparison.ratio import ratio_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gilbench.studies.comparison.io_bound.paces import Paces
    from gilbench.studies.comparison.medians import Median

__all__ = ["ABOUT", "at_least", "beside_processes", "by", "with_most"]

# Waiting for a server or for the disk, threads were seen to do 0.9 to 1.1 of what processes do.
# Reading cached files, which is no waiting, they did 0.25 to 0.5 with a GIL, and 0.9 without.
_AS_GOOD: Final = 0.65

ABOUT: Final[Mapping[str, str]] = {
    HTTP: "answers over HTTP",
    SYNC: "syncs of a file",
    READ: "reads of a cached file",
    SQLITE: "queries to SQLite",
    POSTGRES: "queries to PostgreSQL",
    MANY: "answers after 25 ms",
    SOCKET: "answers by plain sockets",
}
"""What the requests of each kind are called in a sentence."""


def at_least(one: Median, other: Median, factor: float) -> bool | None:
    """Return whether `one` is so many times the other, with all of the ratio's interval; else null.

    Null, too, where one of them may be nothing.
    """
    ratio = ratio_of(one, other)
    if ratio is None:
        return None
    return True if ratio.low >= factor else False if ratio.high < factor else None


def with_most(paces: Paces, kind: str) -> Work:
    """Return a kind of I/O with as many workers as it was tried with."""
    return Work(kind=kind, workers=max(paces.counts(kind), default=1))


def beside_processes(
    paces: Paces, kinds: Sequence[str], process: Way
) -> tuple[list[bool | None], str]:
    """Return for each kind whether threads do as much as processes, and the sentence that says so.

    Both are empty where nothing was measured.
    """
    verdicts: list[bool | None] = []
    seen: list[str] = []
    for kind in kinds:
        work = with_most(paces, kind)
        thread, other = paces.rate(Way.THREAD, work), paces.rate(process, work)
        if thread is None or other is None or work.workers == 1:
            continue
        verdicts.append(at_least(thread, other, _AS_GOOD))
        both = (by(Way.THREAD, work.workers, thread), by(process, work.workers, other))
        seen.append(f"{ABOUT[kind]}: {both[0]}, {both[1]}")
    return verdicts, f"{capital('; '.join(seen))}." if seen else ""


def by(way: Way | None, number: int, rate: Median) -> str:
    """Return who did how much, such as `17 k/s by eight threads`."""
    return f"{told(rate, Unit.PER_SECOND)} by {workers(way, number)}"
