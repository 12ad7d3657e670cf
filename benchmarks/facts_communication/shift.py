"""How many times as long as others some took."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import sqrt
from statistics import NormalDist, median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

CONFIDENCE = 0.95


@dataclass(frozen=True, kw_only=True)
class Shift:
    """The median of all ratios between the two, and its interval."""

    value: float
    low: float
    high: float


def shift(some: Sequence[float], others: Sequence[float]) -> Shift:
    """Return how many times as long as the others some took.

    It is the shift of Hodges and Lehmann (1963, Annals of Mathematical Statistics 34, 598), for
    ratios, and the interval is that of the rank test of Mann and Whitney (Bauer 1972, Journal of
    the American Statistical Association 67, 687). Where what is timed jumps between two values, as
    with who gets a core first, most pairs are of the same one; the ratio of two medians or
    quartiles is that of one value to the other as soon as they fall on different sides.
    """
    ratios = sorted(one / other for one, other in product(some, others))
    spread = sqrt(len(ratios) * (len(some) + len(others) + 1) / 12)
    aside = max(0, int(len(ratios) / 2 - NormalDist().inv_cdf((1 + CONFIDENCE) / 2) * spread))
    return Shift(value=median(ratios), low=ratios[aside], high=ratios[-1 - aside])
