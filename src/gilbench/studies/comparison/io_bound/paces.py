"""What all trials together say of one kind of I/O, done by so many workers of a way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gilbench.comparison import Way
from gilbench.model import Status
from gilbench.studies.comparison.io_bound.kinds import HTTP
from gilbench.studies.comparison.medians import Median, median_of
from gilbench.trials.io_bound.schedule import Entry, read_schedule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gilbench.comparison import FactsPlan, Trial

__all__ = ["PROCESSES", "Paces", "Work"]

PROCESSES: Final = (Way.FORK, Way.FORKSERVER, Way.SPAWN)


@dataclass(frozen=True, kw_only=True)
class Work:
    """One kind of I/O, done by so many at once; `beside` one more that computes."""

    kind: str
    workers: int
    beside: bool = False

    @property
    def name(self) -> str:
        """Return what its figures are called by in trials."""
        return Entry(
            kind=self.kind, workers=self.workers, beside=self.beside, span_ms=0, times=0
        ).name


@dataclass(frozen=True, kw_only=True)
class Paces:
    """The trials of one row, looked up by work and way; a way that is null is asyncio.

    `plan` is the one that they followed.
    """

    plan: FactsPlan
    trials: Sequence[Trial]

    def rate(self, way: Way | None, work: Work) -> Median | None:
        """Return the requests per second of all workers together, null where there were none."""
        return self._median(way, f"{work.name} requests_per_s")

    def usual(self, way: Way | None, work: Work) -> Median | None:
        """Return what a request takes, the median, in nanoseconds."""
        return self._median(way, f"{work.name} p50_ns")

    def slow(self, way: Way | None, work: Work) -> Median | None:
        """Return the 99th percentile of what a request takes, in nanoseconds."""
        return self._median(way, f"{work.name} p99_ns")

    def cpu(self, way: Way | None, work: Work) -> Median | None:
        """Return the CPU time that a request takes whoever asks, in nanoseconds."""
        return self._median(way, f"{work.name} cpu_ns")

    def counts(self, kind: str) -> Sequence[int]:
        """Return the numbers of workers that a kind was tried with, alone, the smallest first."""
        return sorted(
            {
                entry.workers
                for trial in self.trials
                for entry in read_schedule(str(trial.parameters["schedule"]))
                if entry.kind == kind and not entry.beside
            }
        )

    def process_way(self) -> Way | None:
        """Return the start method that did most, which stands for processes; null where none did.

        How they were started makes no difference to work that lasts.
        """
        done = {way: sum(len(trial.figures) for trial in self._done(way)) for way in PROCESSES}
        best = max(done, key=lambda way: done[way])
        return best if done[best] else None

    def gil(self) -> bool | None:
        """Return whether there was a GIL, null where no trial tells."""
        told = {trial.words["gil"] for trial in self.trials if "gil" in trial.words}
        return "on" in told if told else None

    def tried(self, way: Way | None) -> bool:
        """Return whether anybody tried that way at all, with or without success."""
        return any(trial.way is way for trial in self.trials)

    def lacking(self, way: Way | None, kind: str = HTTP) -> str | None:
        """Return why a kind of I/O was not to be had in a way, null where nobody said."""
        tried = [trial for trial in self.trials if trial.way is way and kind in _kinds(trial)]
        reasons = [trial.reason or trial.words.get(kind) for trial in tried]
        return next(filter(None, reasons), None)

    def _median(self, way: Way | None, figure: str) -> Median | None:
        values = [value for trial in self._done(way) for value in trial.figures.get(figure, ())]
        return median_of(values, self.plan.seed)

    def _done(self, way: Way | None) -> list[Trial]:
        return [trial for trial in self.trials if trial.way is way and trial.status is Status.OK]


def _kinds(trial: Trial) -> set[str]:
    return {entry.kind for entry in read_schedule(str(trial.parameters["schedule"]))}
