"""The figures of a case, each a median over rounds with its interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gilbench.model import Ceiling, Estimate
from gilbench.stats import bootstrap_interval, median

if TYPE_CHECKING:
    from gilbench.studies.analysis.pairs import Pairs, Series
    from gilbench.studies.analysis.table import Partners

__all__ = ["LEAST_ROUNDS", "Estimates", "estimates", "half_width", "interval"]

# The ends of an interval of a median are order statistics: the least and the greatest of five
# values enclose it with 1 - 2 / 2**5 = 94 %, of six with 97 %.
LEAST_ROUNDS: Final = 6


@dataclass(frozen=True, kw_only=True)
class Estimates:
    """Throughput in units per second, speedup, ceiling and bite of one case, null where unknown."""

    throughput: Estimate | None = None
    speedup: Estimate | None = None
    ceiling: Ceiling | None = None
    bite: Estimate | None = None


def estimates(pairs: Pairs, partners: Partners, seed: int) -> Estimates:
    """Return what `pairs` say; null also where fewer than six rounds have all that is needed."""
    ceiling = None
    offered = interval(pairs.ceiling, seed)
    if offered and partners.ceiling:
        source = partners.ceiling.backend
        ceiling = Ceiling(value=offered.value, low=offered.low, high=offered.high, source=source)
    return Estimates(
        throughput=interval(pairs.throughput, seed),
        speedup=interval(pairs.speedup, seed),
        ceiling=ceiling,
        bite=interval(pairs.bite, seed),
    )


def interval(series: Series | None, seed: int) -> Estimate | None:
    """Return the median of `series` with its 95 % interval, or None under six rounds."""
    if series is None or len(series.values) < LEAST_ROUNDS:
        return None
    low, high = bootstrap_interval(series.values, series.hosts, seed)
    return Estimate(value=median(series.values), low=low, high=high)


def half_width(estimate: Estimate) -> float:
    """Return half of how wide the interval is."""
    return (estimate.high - estimate.low) / 2
