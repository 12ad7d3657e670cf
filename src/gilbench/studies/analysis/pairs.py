"""Figures paired within rounds: a case and its partners, measured within the same second."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gilbench.model import Case
    from gilbench.studies.analysis.table import Partners, Table

__all__ = ["Pairs", "Series", "pair"]


@dataclass(frozen=True, kw_only=True)
class Series:
    """One value per round in which all that it needs was accepted, and the rounds' hosts."""

    values: tuple[float, ...]
    hosts: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Pairs:
    """The figures of one case, round by round; throughput in units per second.

    Null where a figure makes no sense (the speedup of the base, the bite of the ceiling itself,
    ceiling and bite of one worker) or where a partner was never measured.
    """

    throughput: Series
    speedup: Series | None
    ceiling: Series | None
    bite: Series | None


def pair(table: Table, case: Case, partners: Partners) -> Pairs:
    """Return the figures of `case` in each round, as they come: nothing is clamped."""
    base, ceiling, ceiling_base = partners.base, partners.ceiling, partners.ceiling_base
    ceilings = bites = None
    if case.workers > 1 and ceiling and ceiling_base:
        ceilings = _ratios(table, ceiling, ceiling_base)
        if base and case.backend != ceiling.backend:
            bites = _bites(table, case, base, ceiling, ceiling_base)
    return Pairs(
        throughput=_throughputs(table, case),
        speedup=_ratios(table, case, base) if base and case != base else None,
        ceiling=ceilings,
        bite=bites,
    )


def _throughputs(table: Table, case: Case) -> Series:
    rates = table.rates[case]
    return _series(table, case, {round: rate.throughput for round, rate in rates.items()})


def _ratios(table: Table, case: Case, base: Case) -> Series:
    """Return X_N / X_1, or C_N / C_1, in each round."""
    of_case, of_base = table.rates[case], table.rates[base]
    return _series(
        table,
        case,
        {
            round: of_case[round].throughput / of_base[round].throughput
            for round in _shared_rounds(table, case, base)
        },
    )


def _bites(table: Table, case: Case, base: Case, ceiling: Case, ceiling_base: Case) -> Series:
    """Return 1 - (X_N / X_1) / (C_N / C_1) in each round."""
    x_n, x_1 = table.rates[case], table.rates[base]
    c_n, c_1 = table.rates[ceiling], table.rates[ceiling_base]
    bites = {}
    for round in _shared_rounds(table, case, base, ceiling, ceiling_base):
        speedup = x_n[round].throughput / x_1[round].throughput
        offered = c_n[round].throughput / c_1[round].throughput
        bites[round] = 1 - speedup / offered
    return _series(table, case, bites)


def _shared_rounds(table: Table, case: Case, *divisors: Case) -> list[int]:
    """Return the rounds in which all were accepted; nothing can be divided by a rate of zero."""
    return [
        round
        for round in table.rates[case]
        if all(
            round in table.rates[divisor] and table.rates[divisor][round].throughput > 0
            for divisor in divisors
        )
    ]


def _series(table: Table, case: Case, values: dict[int, float]) -> Series:
    return Series(
        values=tuple(values.values()),
        hosts=tuple(table.rates[case][round].host for round in values),
    )
