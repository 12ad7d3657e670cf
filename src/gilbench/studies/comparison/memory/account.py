"""What the trials of `memory` say, by way: pure readings of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from gilbench.comparison import Way
from gilbench.model import Status
from gilbench.stats import median
from gilbench.studies.comparison.medians import Median, median_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gilbench.comparison import FactsPlan, Trial

__all__ = ["Account", "Saving", "Size", "Variant"]


class Size(StrEnum):
    """What of a process's memory is counted: what it shares with nobody, its part, or all."""

    USS = "uss"
    PSS = "pss"
    RSS = "rss"


class Variant(StrEnum):
    """What workers have done that are counted: nothing, imports, or what their parent imported."""

    IDLE = "idle"
    LADEN = "laden"
    BEFORE = "before"


@dataclass(frozen=True, kw_only=True)
class Saving:
    """Bytes of an array, and by how much a worker grows by it: in its own way, in shared memory."""

    size: float
    plain: float
    shared: float | None

    @property
    def saved(self) -> float | None:
        """Return the share of the array that shared memory saves, null where there is none."""
        return None if self.shared is None else (self.plain - self.shared) / self.size


@dataclass(frozen=True, kw_only=True)
class Account:
    """The trials of `memory`, and the plan that they followed."""

    plan: FactsPlan
    trials: Sequence[Trial]

    def slope(self, way: Way, size: Size, variant: Variant = Variant.IDLE) -> Median | None:
        """Return the bytes that each further worker takes: slopes fitted from 1 to N workers."""
        slopes = []
        for trial in self._costs(way, variant):
            series = trial.figures.get(f"{size}_bytes", ())
            if len(series) >= 2:
                slopes.append(_slope(series))
        return median_of(slopes, self.plan.seed)

    def slopes(self, size: Size, variant: Variant = Variant.IDLE) -> dict[Way, Median | None]:
        """Return the slope of each way."""
        return {way: self.slope(way, size, variant) for way in Way}

    def why_no_slope(self, size: Size, variant: Variant = Variant.IDLE) -> dict[Way, str]:
        """Return why a way has none, where something was said."""
        reasons = {}
        for way in Way:
            tried = [each for each in self._tried("cost", way) if _variant(each) is variant]
            words = ["short"] if size is Size.RSS else ["no_pss", "short"]
            told = [each.reason or _first(each, words) for each in tried]
            reason = next(filter(None, told), None)
            if reason is not None:
                reasons[way] = reason
        return reasons

    def seen(self, way: Way, figure: str) -> tuple[int, int] | None:
        """Return how many notes were written in a way and how many of them seen, null of none."""
        trials = [each for each in self._ok("sight", way) if figure in each.figures]
        if not trials:
            return None
        return (
            round(sum(sum(each.figures["notes"]) for each in trials)),
            round(sum(sum(each.figures[figure]) for each in trials)),
        )

    def saving(self, way: Way) -> Saving | None:
        """Return what an array takes, the medians over trials of the size tried last."""
        trials = self._ok("array", way)
        if not trials:
            return None
        size = trials[-1].figures["bytes"][0]
        alike = [each for each in trials if each.figures["bytes"][0] == size]
        shared = _all(alike, "shared_uss_bytes")
        return Saving(
            size=size,
            plain=median(_all(alike, "plain_uss_bytes")),
            shared=median(shared) if shared else None,
        )

    def unshared(self, deed: str, *, frozen: bool) -> Median | None:
        """Return the share of its parent's objects that a fork un-shares, by what it has done.

        `deed`: `collect` or `walk`; with `_start` behind it, what it had un-shared before.
        """
        name = f"{deed}_frozen_uss_bytes" if frozen else f"{deed}_uss_bytes"
        shares = []
        for trial in self._ok("copying", Way.FORK):
            figures = trial.figures
            own = figures[name][0] - figures["base_uss_bytes"][0]
            shares.append(min(1.0, max(0.0, own / figures["objects_bytes"][0])))
        return median_of(shares, self.plan.seed)

    def objects_bytes(self) -> float | None:
        """Return how many bytes of objects the parent had."""
        found = _all(self._ok("copying", Way.FORK), "objects_bytes")
        return median(found) if found else None

    def why_no(self, name: str, way: Way, word: str = "") -> str | None:
        """Return why a trial of that name has nothing to tell, or its word for that; else null."""
        told = [each.reason or each.words.get(word) for each in self._tried(name, way)]
        return next(filter(None, told), None)

    def words(self, word: str) -> list[tuple[Trial, str]]:
        """Return the trials that have this word to say, and what it is."""
        return [(each, each.words[word]) for each in self.trials if word in each.words]

    def _costs(self, way: Way, variant: Variant) -> list[Trial]:
        return [each for each in self._ok("cost", way) if _variant(each) is variant]

    def _ok(self, name: str, way: Way) -> list[Trial]:
        return [each for each in self._tried(name, way) if each.status is Status.OK]

    def _tried(self, name: str, way: Way) -> list[Trial]:
        return [each for each in self.trials if each.name == name and each.way is way]


def _slope(series: Sequence[float]) -> float:
    """Return the slope of the least squares' line through the values at 1, 2, 3 and so on."""
    middle = (len(series) + 1) / 2
    mean = sum(series) / len(series)
    above = sum((x - middle) * (y - mean) for x, y in enumerate(series, 1))
    return above / sum((x - middle) ** 2 for x in range(1, len(series) + 1))


def _variant(trial: Trial) -> Variant:
    if trial.parameters.get("before"):
        return Variant.BEFORE
    return Variant.LADEN if trial.parameters.get("imports") else Variant.IDLE


def _all(trials: Sequence[Trial], figure: str) -> list[float]:
    return [value for trial in trials for value in trial.figures.get(figure, ())]


def _first(trial: Trial, words: Sequence[str]) -> str | None:
    return next((trial.words[word] for word in words if word in trial.words), None)
