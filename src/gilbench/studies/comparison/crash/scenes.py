"""The scenes of all trials: one for each time that a worker failed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from gilbench.comparison import Figure, Unit
from gilbench.model import Status
from gilbench.stats import bootstrap_interval, median
from gilbench.studies.analysis.estimates import LEAST_ROUNDS
from gilbench.trials.crash.failure import Failure
from gilbench.trials.crash.place import Place

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from gilbench.comparison import FactsPlan, Trial, Way

__all__ = ["Scene", "Scenes"]

_T = TypeVar("_T")
_PLACES: Final = frozenset(place.value for place in Place)


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What was seen of one failure of one worker; words and figures as the trial tells them."""

    place: Place
    way: Way
    failure: Failure
    limit_ns: float
    words: Mapping[str, str]
    figures: Mapping[str, float]

    @property
    def died(self) -> str:
        """Return who died: nobody, the worker, with it all workers, or the whole program."""
        return self.words["died"]

    @property
    def running(self) -> str:
        """Return what became of the task of another worker: done, lost or hung."""
        return "lost" if self.died == "program" else self.words["running"]

    @property
    def queued(self) -> str | None:
        """Return what became of the tasks in the queue, null where there is none."""
        if self.place is Place.WORKER:
            return None
        return "lost" if self.died == "program" else self.words["queued"]

    @property
    def goes_on(self) -> bool:
        """Return whether the pool did a new task."""
        return self.words.get("goes_on") == "yes"

    @property
    def spares_others(self) -> bool:
        """Return whether all other tasks were done."""
        return {self.running, self.queued} <= {"done", None}

    @property
    def knew_ns(self) -> float | None:
        """Return how long it took until the caller knew of it, null where it never did."""
        return self.figures.get("knew_ns")

    @property
    def hung(self) -> bool:
        """Return whether the caller was told nothing, as long as it waited."""
        return "hung" in self.words and self.knew_ns is None

    @property
    def deceived(self) -> bool:
        """Return whether the caller was told that the task that failed was done."""
        return self.words.get("told") == "done"


class Scenes:
    """All scenes, why there are none of some, and the plan that they followed."""

    def __init__(self, *, plan: FactsPlan, trials: Sequence[Trial]) -> None:
        """Read the trials. Raises ValueError or LookupError for what none of ours says."""
        self.plan = plan
        self._scenes: list[Scene] = []
        self._lacking: dict[tuple[Place, Way, Failure | None], str] = {}
        for trial in trials:
            if trial.name in _PLACES and trial.way is not None:
                self._read(trial, Place(trial.name), trial.way)

    def of(
        self,
        places: Collection[Place] | None = None,
        ways: Collection[Way] | None = None,
        failures: Collection[Failure] | None = None,
    ) -> list[Scene]:
        """Return the scenes in any of these places, ways and failures; null stands for all."""
        return [
            scene
            for scene in self._scenes
            if (places is None or scene.place in places)
            and (ways is None or scene.way in ways)
            and (failures is None or scene.failure in failures)
        ]

    def lacking(self, place: Place, way: Way, failure: Failure) -> str | None:
        """Return why there is no such scene, null where nobody said."""
        return self._lacking.get((place, way, None)) or self._lacking.get((place, way, failure))

    def figure(self, nanoseconds: Sequence[float]) -> Figure:
        """Return the median of some times, with its interval where they are enough for one."""
        low = high = None
        if len(nanoseconds) >= LEAST_ROUNDS:
            low, high = bootstrap_interval(nanoseconds, [0] * len(nanoseconds), self.plan.seed)
        return Figure(value=median(nanoseconds), unit=Unit.NANOSECONDS, low=low, high=high)

    def _read(self, trial: Trial, place: Place, way: Way) -> None:
        if trial.status is not Status.OK:
            self._lacking[place, way, None] = trial.reason or "it failed"
            return
        for name in str(trial.parameters["failures"]).split():
            failure = Failure(name)
            words = _after(name, trial.words)
            figures = {what: series[0] for what, series in _after(name, trial.figures).items()}
            if "unavailable" in words or "failed" in words:
                reason = words.get("unavailable") or words["failed"]
                self._lacking[place, way, failure] = reason
                continue
            scene = Scene(
                place=place,
                way=way,
                failure=failure,
                limit_ns=float(trial.parameters["limit_ns"]),
                words=words,
                figures=figures,
            )
            # What a damaged file lacks is found here, not in the middle of a table.
            _ = scene.running, scene.queued
            self._scenes.append(scene)


def _after(name: str, told: Mapping[str, _T]) -> dict[str, _T]:
    """Return what is told of one failure, without its name."""
    start = f"{name}."
    return {what.removeprefix(start): each for what, each in told.items() if what.startswith(start)}
