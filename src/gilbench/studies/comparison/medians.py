"""Medians over what was measured, and the line of the table that they make."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gilbench.comparison import Cell, Figure, Unit, Way
from gilbench.stats import bootstrap_interval, median
from gilbench.studies.analysis.estimates import LEAST_ROUNDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Median", "cells", "median_of", "with_ratios"]


@dataclass(frozen=True, kw_only=True)
class Median:
    """A median. `low` and `high` enclose it: its 95 % interval, or all that was seen where that was
    too little for one; then it is not `firm`.
    """

    value: float
    low: float
    high: float
    firm: bool

    def figure(self, unit: Unit) -> Figure:
        """Return what stands in a cell."""
        ends = {"low": self.low, "high": self.high} if self.firm else {}
        return Figure(value=self.value, unit=unit, **ends)


def median_of(values: Sequence[float], seed: int) -> Median | None:
    """Return the median of `values`, null of none.

    Those of several trials are alike here: there are too few trials to draw from.
    """
    if not values:
        return None
    firm = len(values) >= LEAST_ROUNDS
    low, high = (
        bootstrap_interval(values, [0] * len(values), seed) if firm else (min(values), max(values))
    )
    return Median(value=median(values), low=low, high=high, firm=firm)


def cells(
    medians: Mapping[Way, Median | None], unit: Unit, lacking: Mapping[Way, str]
) -> dict[Way, Cell]:
    """Return a line of the table: each way's figure, or why there is none, and over the thread's.

    It is empty for a way that was not measured.
    """
    line: dict[Way, Cell] = {}
    for way in Way:
        own = medians.get(way)
        if own is None:
            line[way] = Cell(unavailable=lacking.get(way))
        else:
            line[way] = Cell(figure=own.figure(unit))
    return with_ratios(line)


def with_ratios(line: Mapping[Way, Cell]) -> dict[Way, Cell]:
    """Return the line with each figure over the thread's, where both are above zero."""
    thread = line.get(Way.THREAD, Cell()).figure
    return {
        way: replace(cell, ratio=cell.figure.value / thread.value)
        if way is not Way.THREAD
        and cell.figure is not None
        and thread is not None
        and min(cell.figure.value, thread.value) > 0
        else cell
        for way, cell in line.items()
    }
