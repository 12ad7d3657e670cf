"""What a unit of work costs in each round: the yardsticks of the loss budget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gilbench.studies.analysis.totals import Totals, total

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gilbench.model import Case, Sample
    from gilbench.studies.analysis.table import Partners, Table

__all__ = ["Costs", "Yardstick"]


@dataclass(frozen=True, kw_only=True)
class Costs:
    """What a unit costs in one round, null where nothing tells.

    `serial_cpu_ns`, `serial_blocked_ns`: CPU and blocked time of a unit in the serial case.
    `stretch`: CPU time of a unit on the ceiling at N workers over that at one: how much more of it
    the hardware takes when it is shared.
    """

    serial_cpu_ns: float | None
    serial_blocked_ns: float | None
    stretch: float | None


@dataclass(frozen=True, kw_only=True)
class _PerUnit:
    """A cost by round, with its mean for the rounds that have none."""

    by_round: Mapping[int, float]

    def at(self, round: int) -> float | None:
        if not self.by_round:
            return None
        return self.by_round.get(round, sum(self.by_round.values()) / len(self.by_round))


@dataclass(frozen=True, kw_only=True)
class Yardstick:
    """The costs of one case's workload, round by round."""

    serial_cpu: _PerUnit
    serial_blocked: _PerUnit
    ceiling_cpu: _PerUnit
    ceiling_base_cpu: _PerUnit

    @classmethod
    def of(cls, table: Table, partners: Partners) -> Yardstick:
        """Return what the samples of `partners` say.

        A round whose partner is missing or rejected takes the mean of the run's accepted ones. If
        none was accepted the rejected ones serve: CPU per unit hardly depends on the run queue.
        """
        return cls(
            serial_cpu=_per_unit(table, partners.base, lambda totals: totals.cpu_ns),
            serial_blocked=_per_unit(table, partners.base, lambda totals: totals.blocked_ns),
            ceiling_cpu=_per_unit(table, partners.ceiling, lambda totals: totals.cpu_ns),
            ceiling_base_cpu=_per_unit(table, partners.ceiling_base, lambda totals: totals.cpu_ns),
        )

    def at(self, round: int) -> Costs:
        """Return the costs in `round`."""
        ceiling, ceiling_base = self.ceiling_cpu.at(round), self.ceiling_base_cpu.at(round)
        return Costs(
            serial_cpu_ns=self.serial_cpu.at(round),
            serial_blocked_ns=self.serial_blocked.at(round),
            stretch=ceiling / ceiling_base if ceiling is not None and ceiling_base else None,
        )


def _per_unit(table: Table, case: Case | None, spent: Callable[[Totals], int | None]) -> _PerUnit:
    if case is None:
        return _PerUnit(by_round={})
    samples = table.samples[case]
    accepted = _by_round(table.accepted(case), spent)
    return _PerUnit(by_round=accepted or _by_round(samples, spent))


def _by_round(samples: Sequence[Sample], spent: Callable[[Totals], int | None]) -> dict[int, float]:
    costs = {}
    for sample in samples:
        totals = total(sample)
        spent_ns = spent(totals)
        if spent_ns is not None and totals.units > 0:
            costs[sample.round] = spent_ns / totals.units
    return costs
