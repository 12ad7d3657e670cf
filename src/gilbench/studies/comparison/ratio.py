"""How many times one median is another, as far as both are known."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gilbench.studies.comparison.medians import Median

__all__ = ["Ratio", "ratio_of"]


@dataclass(frozen=True, kw_only=True)
class Ratio:
    """A ratio, and the ends of its interval."""

    value: float
    low: float
    high: float


def ratio_of(one: Median, other: Median) -> Ratio | None:
    """Return `one` over `other`, null where either may be nothing.

    The two err independently: of a product the relative errors add up by their squares (Taylor, An
    Introduction to Error Analysis, 2nd edition, 3.6), here as logarithms, since neither is small.
    To set the least of one against the most of the other would take both for as wrong as they can
    be at the same time, and tell nothing of twice the difference.
    """
    if min(one.low, other.low) <= 0:
        return None
    value = one.value / other.value
    down = math.hypot(math.log(one.value / one.low), math.log(other.high / other.value))
    up = math.hypot(math.log(one.high / one.value), math.log(other.value / other.low))
    return Ratio(value=value, low=value * math.exp(-down), high=value * math.exp(up))
