"""What all trials together say of a channel: the medians over laps, by payload."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from gilbench.comparison import Way
from gilbench.model import Status
from gilbench.studies.comparison.medians import median_of
from gilbench.trials.communication.catalogue import CHANNELS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gilbench.comparison import FactsPlan, Trial
    from gilbench.studies.comparison.medians import Median

__all__ = ["Channel", "Paces"]

_FIGURES: Final = ("payload_bytes", "trips", "trip_p50_ns", "trip_p99_ns", "pushes_per_s")
# The 99th percentile of fewer is the longest of them.
_LEAST_TRIPS: Final = 100

# Where a channel was tried by several start methods, it stands for processes by the first of these.
_IN_ORDER: Final = (Way.THREAD, Way.INTERPRETER, Way.FORK, Way.SPAWN, Way.FORKSERVER)


@dataclass(frozen=True, kw_only=True)
class Channel:
    """One channel by one way: what was seen, by the size of the payload in ascending order.

    `cores`: on how many the two sides were kept, 0 where they could not be.
    """

    name: str
    way: Way
    cores: int
    label: str
    copies: bool
    trip: Mapping[int, Median]
    trip_p99: Mapping[int, Median]
    rate: Mapping[int, Median]
    """Payloads a second, one way."""


@dataclass(frozen=True, kw_only=True)
class Paces:
    """What the trials of one row say, and the plan that they followed."""

    plan: FactsPlan
    trials: Sequence[Trial]

    @cached_property
    def channels(self) -> Sequence[Channel]:
        """Return what was measured, in the catalogue's order: by each way, on most cores first."""
        found = (
            self._channel(name, way, cores)
            for name in CHANNELS
            for way in _IN_ORDER
            for cores in (2, 1, 0)
        )
        return tuple(channel for channel in found if channel.trip)

    @cached_property
    def cores(self) -> Sequence[int]:
        """Return on how many cores anything was measured, the most first."""
        return sorted({channel.cores for channel in self.channels}, reverse=True)

    @cached_property
    def sizes(self) -> Sequence[int]:
        """Return the payloads that anything was measured with, the smallest first."""
        return sorted({size for channel in self.channels for size in channel.trip})

    def on(self, cores: int) -> Sequence[Channel]:
        """Return what was measured on so many cores, each channel by one way."""
        first: dict[str, Channel] = {}
        for channel in self.channels:
            if channel.cores == cores:
                first.setdefault(channel.name, channel)
        return tuple(first.values())

    def find(self, name: str, cores: int, way: Way | None = None) -> Channel | None:
        """Return a channel by a way, or by the one that stands for all; null if not measured."""
        found = (
            channel
            for channel in self.channels
            if (channel.name, channel.cores) == (name, cores) and way in {None, channel.way}
        )
        return next(found, None)

    def lacking(self, names: Sequence[str], way: Way) -> str | None:
        """Return why there is none of these channels; null where there is, or nobody said."""
        tried = [trial for trial in self.trials if trial.name in names and trial.way is way]
        if any(trial.status is Status.OK for trial in tried):
            return None
        return next((trial.reason for trial in reversed(tried) if trial.reason), None)

    def left_out(self) -> Mapping[str, str]:
        """Return what there was no room for, with the reason, by the channel's label."""
        return {
            CHANNELS[trial.name].label: trial.words["left_out"]
            for trial in self.trials
            if "left_out" in trial.words
        }

    def arrays(self) -> str | None:
        """Return what the arrays were, null where there was none."""
        return next((each.words["arrays"] for each in self.trials if "arrays" in each.words), None)

    def _channel(self, name: str, way: Way, cores: int) -> Channel:
        trips: dict[int, list[float]] = {}
        longest: dict[int, list[float]] = {}
        rates: dict[int, list[float]] = {}
        for trial in self.trials:
            if (trial.name, trial.way, trial.status) != (name, way, Status.OK):
                continue
            if trial.parameters["cores"] != cores:
                continue
            for size, count, trip_ns, longest_ns, rate in zip(
                *(trial.figures[each] for each in _FIGURES), strict=True
            ):
                trips.setdefault(round(size), []).append(trip_ns)
                rates.setdefault(round(size), []).append(rate)
                if count >= _LEAST_TRIPS:
                    longest.setdefault(round(size), []).append(longest_ns)
        kind = CHANNELS[name]
        return Channel(
            name=name,
            way=way,
            cores=cores,
            label=kind.label,
            copies=kind.copies,
            trip=self._medians(trips),
            trip_p99=self._medians(longest),
            rate=self._medians(rates),
        )

    def _medians(self, seen: Mapping[int, Sequence[float]]) -> Mapping[int, Median]:
        medians = ((size, median_of(seen[size], self.plan.seed)) for size in sorted(seen))
        return {size: median for size, median in medians if median is not None}
