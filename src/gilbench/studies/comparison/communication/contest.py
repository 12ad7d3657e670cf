"""Two sides of a comparison: which is quicker with which payload, and where that changes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gilbench.studies.comparison.communication.paces import Channel
    from gilbench.studies.comparison.medians import Median

__all__ = ["Contest", "Crossing", "Side", "best_of", "side"]

# What is less than a quarter quicker may be the mood of the machine: the next run sees it not.
_CLEARLY: Final = 1.25


@dataclass(frozen=True, kw_only=True)
class Side:
    """One side: the trip by the size of the payload, and the channel that it went through."""

    name: str
    trip: Mapping[int, Median]
    through: Mapping[int, str]


@dataclass(frozen=True, kw_only=True)
class Crossing:
    """Where the quicker side changes: `before` is quicker up to `low`, `after` from `high` on.

    `size` lies between the two, where the trips would take the same if they were straight lines
    between payloads on logarithmic scales.
    """

    before: str
    after: str
    size: float
    low: int
    high: int


@dataclass(frozen=True, kw_only=True)
class Contest:
    """Two sides on so many cores, with the payloads that both were measured with."""

    cores: int
    first: Side
    second: Side

    @property
    def sizes(self) -> Sequence[int]:
        """Return the payloads of both, the smallest first."""
        return [size for size in self.first.trip if size in self.second.trip]

    @property
    def quicker(self) -> Mapping[int, str]:
        """Return which is quicker by a quarter, and not by chance. Others are left out."""
        return {
            size: self.first.name if ratio > 1 else self.second.name
            for size, ratio in self.ratios.items()
        }

    @property
    def ratios(self) -> Mapping[int, float]:
        """Return how many times as long the second takes, where that decides which is quicker.

        It does where it is a quarter at least, either way, and the interval that those of its sides
        give leaves out 1: 95 %, or all that was seen where that was too little for one.
        """
        ratios = {size: self._ratio(size) for size in self.sizes}
        return {size: ratio for size, ratio in ratios.items() if ratio is not None}

    @property
    def crossings(self) -> Sequence[Crossing]:
        """Return where the quicker side changes, the smallest payload first."""
        return [
            Crossing(before=before, after=after, size=self._where(low, high), low=low, high=high)
            for (low, before), (high, after) in pairwise(self.quicker.items())
            if before != after
        ]

    def _ratio(self, size: int) -> float | None:
        one, other = self.first.trip[size], self.second.trip[size]
        if one.low == one.high or other.low == other.high:
            return None  # seen once, it may be anything
        slow, quick = (other, one) if other.value > one.value else (one, other)
        times = math.log(slow.value / quick.value)
        # The interval of a difference, here of logarithms, from those of its two sides (Zou and
        # Donner, Statistics in Medicine 27, 2008): further than either end, nearer than both.
        down = math.hypot(math.log(slow.value / slow.low), math.log(quick.high / quick.value))
        if times < math.log(_CLEARLY) or times <= down:
            return None
        return other.value / one.value

    def _where(self, low: int, high: int) -> float:
        at_low, at_high = (
            math.log(self.first.trip[size].value / self.second.trip[size].value)
            for size in (low, high)
        )
        # Of different signs: each side is clearly quicker at one end.
        share = at_low / (at_low - at_high)
        return math.exp(math.log(low) + share * math.log(high / low))


def side(channel: Channel) -> Side:
    """Return a channel as a side."""
    return Side(
        name=channel.label,
        trip=channel.trip,
        through=dict.fromkeys(channel.trip, channel.label),
    )


def best_of(name: str, channels: Iterable[Channel]) -> Side:
    """Return the quickest of some channels at each size, as a side of that name."""
    best: dict[int, Channel] = {}
    for channel in channels:
        for size, trip in channel.trip.items():
            if size not in best or trip.value < best[size].trip[size].value:
                best[size] = channel
    return Side(
        name=name,
        trip={size: best[size].trip[size] for size in sorted(best)},
        through={size: best[size].label for size in sorted(best)},
    )
