"""What the trials of `creation` say, by way: pure readings of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

from gilbench.comparison import Way
from gilbench.model import Status
from gilbench.stats import median
from gilbench.studies.comparison.medians import Median, median_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gilbench.comparison import FactsPlan, Trial

__all__ = ["Growth", "Ledger", "Time"]

# So many low-water marks are compared, each of some 25 creations: enough to meet it.
_MARKS = 4
# What an interval is drawn from: of a longer series so many medians of its parts. Neighbours have
# much in common, and a way with quick workers is not to be surer than it can be.
_PARTS = 10


class Time(StrEnum):
    """What was timed, and stands in the figures of which trial."""

    START = "start"
    JOIN = "join"
    BOTH = "start and join"
    TASK = "task"
    LADEN = "task with imports"
    POOLED = "task in a pool"


@dataclass(frozen=True, kw_only=True)
class Growth:
    """Bytes by which the parent grew in so many creations, and what each of them left.

    `steps` is how often it was looked at.
    """

    creations: int
    grown: float
    each: float
    steps: int

    def over(self, creations: int) -> float:
        """Return by how much it would in so many: what came once does not come again."""
        return self.grown + self.each * (creations - self.creations)


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """The trials of `creation`, and the plan that they followed."""

    plan: FactsPlan
    trials: Sequence[Trial]

    def time(self, way: Way, time: Time) -> Median | None:
        """Return what it takes, in nanoseconds; null where it was not measured."""
        trials = self._ok(time, way)
        values = [part for trial in trials for part in _parts(_series(trial, time))]
        return median_of(values, self.plan.seed)

    def times(self, time: Time) -> dict[Way, Median | None]:
        """Return what it takes in each way."""
        return {way: self.time(way, time) for way in Way}

    def rate(self, way: Way) -> Median | None:
        """Return how many can be started and joined in a second, one after the other."""
        both = self.time(way, Time.BOTH)
        if both is None or both.low <= 0:
            return None
        return Median(
            value=1e9 / both.value, low=1e9 / both.high, high=1e9 / both.low, firm=both.firm
        )

    def first(self, way: Way, time: Time) -> Median | None:
        """Return what the very first in a process took, in nanoseconds."""
        trials = self._ok(time, way)
        values = [value for trial in trials for value in trial.figures["first_ns"]]
        return median_of(values, self.plan.seed)

    def growth(self, way: Way) -> Growth | None:
        """Return by how much the parent grew, null where that was not measured."""
        trials = [each for each in self._of("growth", way) if each.status is Status.OK]
        if not trials:
            return None
        sizes = trials[-1].figures["memory_bytes"]
        steps = len(sizes) - 1
        creations = round(trials[-1].figures["creations"][0])
        return Growth(
            creations=creations,
            grown=sizes[-1] - sizes[0],
            each=_left(sizes) * steps / creations,
            steps=steps,
        )

    def fewer(self, creations: int) -> list[str]:
        """Return over how many it was seen, by way, where that is fewer than so many."""
        return [
            f"{growth.creations} with {way}"
            for way in Way
            if (growth := self.growth(way)) is not None and growth.creations < creations
        ]

    def lacking(self, time: Time) -> dict[Way, str]:
        """Return why it was not measured in a way, where somebody said."""
        return _reasons((way, self._tried(time, way)) for way in Way)

    def no_growth(self) -> dict[Way, str]:
        """Return why there is no growth of a way, where somebody said."""
        return _reasons((way, self._of("growth", way)) for way in Way)

    def _ok(self, time: Time, way: Way) -> list[Trial]:
        return [each for each in self._tried(time, way) if each.status is Status.OK]

    def _tried(self, time: Time, way: Way) -> list[Trial]:
        match time:
            case Time.TASK | Time.LADEN:
                laden = time is Time.LADEN
                return [
                    each
                    for each in self._of("task", way)
                    if bool(each.parameters.get("imports")) is laden
                ]
            case Time.POOLED:
                return self._of("pool", way)
            case _:
                return self._of("cycle", way)

    def _of(self, name: str, way: Way) -> list[Trial]:
        return [each for each in self.trials if each.name == name and each.way is way]


def _left(sizes: Sequence[float]) -> float:
    """Return what every step leaves: by so much at least the low-water mark rose all along.

    What comes once does not raise it all along, nor does what an allocator takes until it has
    enough; and what comes and goes does not raise it at all.
    """
    marks = min(_MARKS, len(sizes))
    starts = [len(sizes) * mark // marks for mark in range(marks + 1)]
    low = [min(sizes[start:end]) for start, end in pairwise(starts)]
    rises = [
        (after - before) / (end - start)
        for (before, after), (start, end) in zip(pairwise(low), pairwise(starts[:-1]), strict=True)
    ]
    return max(0.0, min(rises))


def _series(trial: Trial, time: Time) -> Sequence[float]:
    match time:
        case Time.BOTH:
            starts, joins = trial.figures["start_ns"], trial.figures["join_ns"]
            return [start + join for start, join in zip(starts, joins, strict=True)]
        case Time.START | Time.JOIN:
            return trial.figures[f"{time}_ns"]
        case _:
            return trial.figures["task_ns"]


def _parts(series: Sequence[float]) -> list[float]:
    count = min(_PARTS, len(series))
    ends = [len(series) * part // count for part in range(count + 1)] if count else []
    return [median(series[start:end]) for start, end in pairwise(ends)]


def _reasons(tried: Iterable[tuple[Way, Sequence[Trial]]]) -> dict[Way, str]:
    reasons = {}
    for way, trials in tried:
        reason = next((each.reason for each in trials if each.reason is not None), None)
        if reason is not None:
            reasons[way] = reason
    return reasons
