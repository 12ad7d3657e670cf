"""Whether processes cost much more than threads: the rule of several rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench.comparison import Outcome, Way

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gilbench.studies.comparison.medians import Median

__all__ = ["PROCESSES", "all_of", "much_more"]

PROCESSES: Final = (Way.FORK, Way.FORKSERVER, Way.SPAWN)
"""The ways that are processes."""

# What articles mean by "heavy": nobody says so of half as much again.
_MUCH: Final = 3.0
_HARDLY: Final = 2.0


def much_more(medians: Mapping[Way, Median | None], least: float = 0.0) -> Outcome:
    """Return whether a process of every way takes much more than a thread: three times at least.

    It does not hold where each takes less than twice as much, and depends where some do and others
    do not. A thread counts for `least` at least, since less cannot be told.
    """
    thread = medians.get(Way.THREAD)
    if thread is None:
        return Outcome.INCONCLUSIVE
    found = [median for way in PROCESSES if (median := medians.get(way)) is not None]
    high, low = max(thread.high, least), max(thread.low, least)
    return all_of(
        True if each.low >= _MUCH * high else False if each.high <= _HARDLY * low else None
        for each in found
    )


def all_of(verdicts: Iterable[bool | None]) -> Outcome:
    """Return what becomes of a claim on several, each true, false or undecided.

    Both true and false ones: it depends. An undecided one leaves open what the others agree on.
    """
    told = list(verdicts)
    if True in told and False in told:
        return Outcome.DEPENDS
    if not told or None in told:
        return Outcome.INCONCLUSIVE
    return Outcome.HOLDS if told[0] else Outcome.DOES_NOT_HOLD
