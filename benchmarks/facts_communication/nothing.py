"""A trial of nothing: what our own loop takes."""

from __future__ import annotations

from statistics import median

from gilbench.trials.communication.channel import Near
from gilbench.trials.communication.pace import time_trips

ROUNDS = 15
TRIPS = 4000


def trip_of_nothing_ns() -> float:
    """Return the median nanoseconds of a round trip through a channel that there is not."""
    nothing = Near(send=int, receive=float, push=int, end=lambda: None)
    return median(median(time_trips(nothing, 0, TRIPS)) for _ in range(ROUNDS))
