"""What a channel takes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import quantiles


@dataclass(frozen=True, kw_only=True)
class Times:
    """Nanoseconds of a round trip, of so many `trips`, and of a payload of a stream."""

    trips: int
    trip: float
    stream: float


def quartiles(rounds: list[Times]) -> Times:
    """Return what a quarter of the rounds were quicker than."""
    return replace(
        rounds[0],
        trip=quantiles((each.trip for each in rounds), n=4)[0],
        stream=quantiles((each.stream for each in rounds), n=4)[0],
    )
