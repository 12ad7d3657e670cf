"""What a channel takes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, kw_only=True)
class Times:
    """Nanoseconds of a round trip, of so many `trips`, and of a payload of a stream."""

    trips: int
    trip: float
    stream: float


def times_as_long(some: Sequence[float], others: Sequence[float]) -> float:
    """Return how many times as long as the others some took: the median of all ratios between them.

    It is the shift of Hodges and Lehmann (1963, Annals of Mathematical Statistics 34, 598), for
    ratios. Where what is timed jumps between two values, as with who gets a core first, most pairs
    are of the same one; the ratio of two medians or quartiles is that of one value to the other as
    soon as they fall on different sides.
    """
    return median(one / other for one, other in product(some, others))
