"""What several workers do of one's work, from the trials of a race."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from gilbench.comparison import Cell, Figure, Unit, Way
from gilbench.model import Status
from gilbench.stats import bootstrap_interval, median
from gilbench.studies.analysis.estimates import LEAST_ROUNDS
from gilbench.studies.comparison.race import FEWEST_ROUNDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gilbench.comparison import Trial

__all__ = ["Gain", "Speedup", "Speedups", "beside", "speedups", "undecided"]

# Below the first the best way is no faster than one worker, as far as can be told.
_FASTER: Final = 1.3
# Of what the best way gains over one worker. A constraint leaves nearly nothing of it; free workers
# gain nearly all. Between the two lies what is partly constrained, and nothing that noise does.
_NEARLY_NOTHING: Final = 0.25
_MOST: Final = 0.5


_PROCESSES: Final = (Way.FORK, Way.FORKSERVER, Way.SPAWN)


class Gain(Enum):
    """How much of what processes gain, another way gains too."""

    NOTHING = auto()
    PART = auto()
    MOST = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, kw_only=True)
class Speedup:
    """A median over rounds. `low` and `high` enclose it: its 95 % interval, or all that was seen
    where that was too little for one; then it is not `firm`.
    """

    value: float
    low: float
    high: float
    firm: bool

    @property
    def figure(self) -> Figure:
        """Return what stands in a cell."""
        ends = {"low": self.low, "high": self.high} if self.firm else {}
        return Figure(value=self.value, unit=Unit.FACTOR, **ends)


@dataclass(frozen=True, kw_only=True)
class Speedups:
    """A kernel's speedups by way, and why there is none of another."""

    of: Mapping[Way, Speedup]
    lacking: Mapping[Way, str]

    def cells(self) -> dict[Way, Cell]:
        """Return a line of the table: a cell for every way, empty where it was not run."""
        return {way: self._cell(way) for way in Way}

    def best(self) -> tuple[Way, Speedup] | None:
        """Return the fastest way but threads, null where no other was measured."""
        others = [(way, speedup) for way, speedup in self.of.items() if way is not Way.THREAD]
        return max(others, key=lambda each: each[1].value, default=None)

    @property
    def why_no_process(self) -> str | None:
        """Return why there is no speedup of any process, null where there is one."""
        if any(way in self.of for way in _PROCESSES):
            return None
        reasons = (self.lacking.get(way) for way in _PROCESSES)
        return next(filter(None, reasons), "it ended before")

    def gain(self, way: Way) -> Gain:
        """Return how much of the best way's gain `way` has; unknown where the best has none."""
        speedup, best = self.of.get(way), self.best()
        if speedup is None or best is None or best[1].low < _FASTER:
            return Gain.UNKNOWN
        gained = best[1].value - 1
        if speedup.high - 1 < _NEARLY_NOTHING * gained:
            return Gain.NOTHING
        if speedup.low - 1 > _MOST * gained:
            return Gain.MOST
        within = speedup.low - 1 >= _NEARLY_NOTHING * gained and speedup.high - 1 <= _MOST * gained
        return Gain.PART if within else Gain.UNKNOWN

    def undecided(self, way: Way) -> bool:
        """Return whether more rounds may tell a gain that these do not.

        They will not where nothing was measured, or no way is faster than one worker.
        """
        best = self.best()
        return (
            way in self.of
            and best is not None
            and best[1].high >= _FASTER
            and self.gain(way) is Gain.UNKNOWN
        )

    def why_unknown(self, way: Way) -> str:
        """Return why `gain` does not tell of `way`, in words after "because"."""
        best = self.best()
        if best is None:
            # What processes lack says more than what an interpreter does not have.
            reasons = (self.lacking.get(each) for each in (*_PROCESSES, Way.INTERPRETER))
            return next(filter(None, reasons), "no other way was measured")
        if way not in self.of:
            return self.lacking.get(way, "it was not measured")
        if best[1].low < _FASTER:
            return (
                "no way was clearly faster than one worker (the best did"
                f" {best[1].value:.2f} of its work): there are too few free cores to tell"
            )
        speedup = self.of[way]
        return f"{speedup.low:.2f} to {speedup.high:.2f} may be either"

    def _cell(self, way: Way) -> Cell:
        speedup, thread = self.of.get(way), self.of.get(Way.THREAD)
        if speedup is None:
            return Cell(unavailable=self.lacking.get(way))
        ratio = None
        if way is not Way.THREAD and thread is not None and thread.value > 0:
            ratio = speedup.value / thread.value
        return Cell(figure=speedup.figure, ratio=ratio)


def speedups(trials: Sequence[Trial], kernel: str, seed: int) -> Speedups:
    """Return the speedups of a kernel: what all workers did over what one did in the same round."""
    ours = [trial for trial in trials if trial.name == kernel]
    found: dict[Way, Speedup] = {}
    lacking: dict[Way, str] = {}
    for way in Way:
        ratios = _ratios(ours, way, None)
        if len(ratios) >= FEWEST_ROUNDS:
            found[way] = _speedup(ratios, seed)
        elif (reason := _reason(ours, way)) is not None:
            lacking[way] = reason
    return Speedups(of=found, lacking=lacking)


def beside(trials: Sequence[Trial], kernel: str, way: Way, other: Way, seed: int) -> Speedup | None:
    """Return what the workers of a way did of a kernel, over what those of another did.

    Of the same round: what slows a machine down for a while slows both. Null where there are fewer
    than three rounds with both.
    """
    ratios = _ratios([trial for trial in trials if trial.name == kernel], way, other)
    return _speedup(ratios, seed) if len(ratios) >= FEWEST_ROUNDS else None


def undecided(kernel: str, seed: int, trials: Sequence[Trial]) -> bool:
    """Return whether more rounds of a kernel may tell what threads gain, where these do not."""
    return speedups(trials, kernel, seed).undecided(Way.THREAD)


def _ratios(trials: Sequence[Trial], way: Way, base: Way | None) -> list[float]:
    """Return what a way did over what the base did, round by round."""
    rates = {trial.round: _rate(trial) for trial in _counted(trials, base)}
    return [
        _rate(trial) / rates[trial.round]
        for trial in _counted(trials, way)
        if rates.get(trial.round, 0) > 0
    ]


def _counted(trials: Sequence[Trial], way: Way | None) -> list[Trial]:
    return [
        trial
        for trial in trials
        if trial.way is way and trial.status is Status.OK and "rejection" not in trial.words
    ]


def _rate(trial: Trial) -> float:
    return sum(trial.figures["units_per_s"])


def _speedup(ratios: Sequence[float], seed: int) -> Speedup:
    firm = len(ratios) >= LEAST_ROUNDS
    low, high = (
        bootstrap_interval(ratios, [0] * len(ratios), seed) if firm else (min(ratios), max(ratios))
    )
    return Speedup(value=median(ratios), low=low, high=high, firm=firm)


def _reason(trials: Sequence[Trial], way: Way) -> str | None:
    """Return why a way has no speedup, null where it was not run."""
    tried = [trial for trial in trials if trial.way is way]
    failed = next((trial.reason for trial in tried if trial.reason is not None), None)
    if failed is not None or not tried:
        return failed
    base_failed = next(
        (trial.reason for trial in trials if trial.way is None and trial.reason is not None), None
    )
    if base_failed is not None:
        return f"one worker alone: {base_failed}"
    rejected = sum("rejection" in trial.words for trial in trials)
    if not rejected:
        return f"{len(tried)} rounds are too few"
    return f"other programs used the cores ({rejected} of {len(trials)} samples do not count)"
