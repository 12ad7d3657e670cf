"""The updates of all trials counted together, by way, form and switch interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gilbench.comparison import Cell, Figure, Unit, Way
from gilbench.model import Status
from gilbench.stats import bootstrap_interval, median
from gilbench.studies.analysis.estimates import LEAST_ROUNDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gilbench.comparison import FactsPlan, Trial

__all__ = ["SHORT_SWITCH_NS", "Cost", "Count", "Tally"]

SHORT_SWITCH_NS: Final = 1000
"""The short switch interval: a thread is asked for the GIL at once. The default is 5 ms."""


@dataclass(frozen=True, kw_only=True)
class Count:
    """Updates that were made, and of them those that were lost."""

    made: int = 0
    lost: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(made=self.made + other.made, lost=self.lost + other.lost)

    @property
    def share(self) -> float:
        """Return the share that was lost; none of none."""
        return self.lost / self.made if self.made else 0.0


@dataclass(frozen=True, kw_only=True)
class Cost:
    """A median over laps. `low` and `high` enclose it: its 95 % interval, or all that was seen
    where that was too little for one; then it is not `firm`.
    """

    value: float
    low: float
    high: float
    firm: bool

    def figure(self, unit: Unit) -> Figure:
        """Return what stands in a cell."""
        ends = {"low": self.low, "high": self.high} if self.firm else {}
        return Figure(value=self.value, unit=unit, **ends)


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What the trials of one row count, and the plan that they followed.

    `short`: those with the short switch interval only.
    """

    plan: FactsPlan
    trials: Sequence[Trial]

    def gil(self) -> bool | None:
        """Return whether the threads had a GIL, null where none raced."""
        told = {trial.words.get("gil") for trial in self._raced(Way.THREAD)}
        return None if not told else "on" in told

    def count(self, way: Way, forms: Iterable[str], *, short: bool = False) -> Count:
        """Return the updates in all of these forms."""
        wanted = set(forms)
        count = Count()
        for trial in self._raced(way, short=short):
            for form in wanted:
                made = trial.figures.get(f"{form}_made", ())
                lost = trial.figures.get(f"{form}_lost", ())
                count += Count(made=round(sum(made)), lost=round(sum(lost)))
        return count

    def cost(self, way: Way, form: str) -> Cost | None:
        """Return what an update took, in nanoseconds; null where there was none."""
        raced = self._raced(way)
        return self._cost([ns for trial in raced for ns in trial.figures.get(_took(form), ())])

    def ratio(self, way: Way, form: str, base: str) -> Cost | None:
        """Return what an update took over what one in the `base` form took in the same lap."""
        return self._cost(
            [
                ns / base_ns
                for trial in self._raced(way)
                for ns, base_ns in zip(
                    trial.figures.get(_took(form), ()),
                    trial.figures.get(_took(base), ()),
                    strict=False,
                )
            ]
        )

    def lacking(self, way: Way, form: str) -> str | None:
        """Return why there are no updates in this form, null where nobody said."""
        tried = [trial for trial in self.trials if trial.way is way]
        reasons = [trial.reason or trial.words.get(form) for trial in tried]
        return next(filter(None, reasons), None)

    def share_cell(self, way: Way, form: str, *, short: bool = False) -> Cell:
        """Return the share lost, which was counted and has no interval."""
        count = self.count(way, [form], short=short)
        if not count.made:
            return Cell(unavailable=self.lacking(way, form))
        return Cell(figure=Figure(value=count.share, unit=Unit.SHARE))

    def _cost(self, values: Sequence[float]) -> Cost | None:
        if not values:
            return None
        firm = len(values) >= LEAST_ROUNDS
        low, high = (
            bootstrap_interval(values, [0] * len(values), self.plan.seed)
            if firm
            else (min(values), max(values))
        )
        return Cost(value=median(values), low=low, high=high, firm=firm)

    def _raced(self, way: Way, *, short: bool = False) -> list[Trial]:
        return [
            trial
            for trial in self.trials
            if trial.way is way
            and trial.status is Status.OK
            and bool(trial.parameters.get("switch_ns")) is short
        ]


def _took(form: str) -> str:
    return f"{form}_update_ns"
