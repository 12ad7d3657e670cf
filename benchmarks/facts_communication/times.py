"""What a channel takes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Times:
    """Nanoseconds of a round trip, of so many `trips`, and of a payload of a stream."""

    trips: int
    trip: float
    stream: float
