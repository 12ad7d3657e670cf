"""Trials and bare loops of one way, in turns."""

from __future__ import annotations

import time
from statistics import fmean
from typing import TYPE_CHECKING

import cycles
import first_tasks
import pool_tasks
from ratio import Ratio

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gilbench.comparison import Way

SECONDS = 8
ROUNDS = 10

PAIRS: tuple[tuple[Callable[[Way], dict[str, list[float]]], ...], ...] = (
    (cycles.tried, cycles.bare),
    (first_tasks.tried, first_tasks.bare),
    (pool_tasks.tried, pool_tasks.bare),
)


def compare(way: Way) -> Iterator[Ratio]:
    """Yield the ratio of each figure, which was measured several hundred times by either.

    Raises UnavailableError.
    """
    for tried, bare in PAIRS:
        ours: dict[str, list[float]] = {}
        theirs: dict[str, list[float]] = {}
        ends = time.monotonic() + SECONDS
        turns = 0
        while turns < ROUNDS or time.monotonic() < ends:
            turns += 1
            order = ((tried, ours), (bare, theirs))
            for measure, kept in order if turns % 2 else order[::-1]:
                for figure, values in measure(way).items():
                    kept.setdefault(figure, []).extend(values)
        for figure, values in ours.items():
            yield Ratio(figure=figure, ours_ns=midmean(values), bare_ns=midmean(theirs[figure]))


def midmean(values: list[float]) -> float:
    """Return the mean of the middle half."""
    quarter = len(values) // 4
    return fmean(sorted(values)[quarter : len(values) - quarter])
