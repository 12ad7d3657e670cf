"""What a race says, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gilbench.comparison import Way
from gilbench.studies.analysis.words import count, noun
from gilbench.studies.comparison.runners import BACKENDS

if TYPE_CHECKING:
    from gilbench.studies.comparison.speedups import Speedups

__all__ = ["did", "workers_of"]


def workers_of(way: Way, workers: int) -> str:
    """Return so many workers of a way, such as `two forked processes`."""
    return f"{count(workers)} {noun(BACKENDS[way])}"


def did(speedups: Speedups, workers: int) -> str:
    """Return what threads and the best other way did, as the end of a sentence.

    Such as `two threads did the work of 1.00, two forked processes that of 1.93`; nothing where
    neither was measured.
    """
    thread, best = speedups.of.get(Way.THREAD), speedups.best()
    told = []
    if thread is not None:
        told.append(f"{workers_of(Way.THREAD, workers)} did the work of {thread.value:.2f}")
    if best is not None:
        way, speedup = best
        verb = "that" if told else "did the work"
        told.append(f"{workers_of(way, workers)} {verb} of {speedup.value:.2f}")
    return ", ".join(told)
