"""What a unit of work costs in each round: the yardstick of the loss budget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gilbench.studies.analysis.totals import total

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gilbench.model import Case, Sample
    from gilbench.studies.analysis.table import Partners, Table
    from gilbench.studies.analysis.totals import Totals

__all__ = ["Costs", "Yardstick"]


@dataclass(frozen=True, kw_only=True)
class Costs:
    """What work costs in one round, null where nothing tells.

    `serial_cpu_ns`, `serial_blocked_ns`: CPU and blocked time of a unit in the serial case.
    `stretch`: CPU time of a unit on the ceiling at N workers over that at one: how much more of it
    the hardware takes when it is shared. `ceiling_running`: how many workers ran at once there.
    `ceiling_blocked_ns`: how long a unit is blocked there, where N workers share all but a GIL: the
    disk, a database's locks, a server.
    """

    serial_cpu_ns: float | None
    serial_blocked_ns: float | None
    stretch: float | None
    ceiling_running: float | None
    ceiling_blocked_ns: float | None = None


@dataclass(frozen=True, kw_only=True)
class _ByRound:
    """A cost by round, with its mean for the rounds that have none."""

    costs: Mapping[int, float]

    def at(self, round: int) -> float | None:
        if not self.costs:
            return None
        return self.costs.get(round, sum(self.costs.values()) / len(self.costs))


@dataclass(frozen=True, kw_only=True)
class Yardstick:
    """The costs of one case's workload, round by round."""

    serial_cpu: _ByRound
    serial_blocked: _ByRound
    ceiling_cpu: _ByRound
    ceiling_base_cpu: _ByRound
    ceiling_running: _ByRound
    ceiling_blocked: _ByRound

    @classmethod
    def of(cls, table: Table, partners: Partners) -> Yardstick:
        """Return what the samples of `partners` say.

        A round whose partner is missing or rejected takes the mean of the run's accepted ones. If
        none was accepted the rejected ones serve: CPU per unit hardly depends on the run queue.
        """
        return cls(
            serial_cpu=_by_round(table, partners.base, _cpu_per_unit),
            serial_blocked=_by_round(table, partners.base, _blocked_per_unit),
            ceiling_cpu=_by_round(table, partners.ceiling, _cpu_per_unit),
            ceiling_base_cpu=_by_round(table, partners.ceiling_base, _cpu_per_unit),
            ceiling_running=_by_round(table, partners.ceiling, lambda totals: totals.running),
            ceiling_blocked=_by_round(table, partners.ceiling, _blocked_per_unit),
        )

    def at(self, round: int) -> Costs:
        """Return the costs in `round`."""
        ceiling, ceiling_base = self.ceiling_cpu.at(round), self.ceiling_base_cpu.at(round)
        return Costs(
            serial_cpu_ns=self.serial_cpu.at(round),
            serial_blocked_ns=self.serial_blocked.at(round),
            stretch=ceiling / ceiling_base if ceiling is not None and ceiling_base else None,
            ceiling_running=self.ceiling_running.at(round),
            ceiling_blocked_ns=self.ceiling_blocked.at(round),
        )


def _cpu_per_unit(totals: Totals) -> float | None:
    return None if totals.cpu_ns is None or not totals.units else totals.cpu_ns / totals.units


def _blocked_per_unit(totals: Totals) -> float | None:
    blocked_ns = totals.blocked_ns
    return None if blocked_ns is None or not totals.units else blocked_ns / totals.units


def _by_round(table: Table, case: Case | None, cost: Callable[[Totals], float | None]) -> _ByRound:
    if case is None:
        return _ByRound(costs={})
    accepted = _costs(table.accepted(case), cost)
    return _ByRound(costs=accepted or _costs(table.samples[case], cost))


def _costs(samples: Sequence[Sample], cost: Callable[[Totals], float | None]) -> dict[int, float]:
    costs = {sample.round: cost(total(sample)) for sample in samples}
    return {round: known for round, known in costs.items() if known is not None}
