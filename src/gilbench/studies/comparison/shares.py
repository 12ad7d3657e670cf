"""What share of their time the workers of a race spent on something, by way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gilbench.comparison import Cell, Figure, Unit, Way
from gilbench.model import Status
from gilbench.stats import bootstrap_interval, median
from gilbench.studies.analysis.estimates import LEAST_ROUNDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gilbench.comparison import Trial

__all__ = ["share_cells"]


def share_cells(trials: Sequence[Trial], kernel: str, figure: str, seed: int) -> dict[Way, Cell]:
    """Return a cell for every way with the median over rounds of `figure`, the workers' mean.

    It is empty where that was not told, as on a platform that does not know.
    """
    shares = {way: _shares(trials, kernel, figure, way) for way in Way}
    thread = median(shares[Way.THREAD]) if shares[Way.THREAD] else 0.0
    return {way: _cell(values, way, thread, seed) for way, values in shares.items()}


def _shares(trials: Sequence[Trial], kernel: str, figure: str, way: Way) -> list[float]:
    return [
        sum(trial.figures[figure]) / len(trial.figures[figure])
        for trial in trials
        if trial.name == kernel
        and trial.way is way
        and trial.status is Status.OK
        and "rejection" not in trial.words
        and trial.figures.get(figure)
    ]


def _cell(values: Sequence[float], way: Way, thread: float, seed: int) -> Cell:
    if not values:
        return Cell()
    low = high = None
    if len(values) >= LEAST_ROUNDS:
        low, high = bootstrap_interval(values, [0] * len(values), seed)
    value = median(values)
    return Cell(
        figure=Figure(value=value, unit=Unit.SHARE, low=low, high=high),
        ratio=value / thread if way is not Way.THREAD and thread > 0 else None,
    )
