"""The held share by size, as far as it was looked at: where it jumps, and where it slopes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from typing import TYPE_CHECKING, Final

from gilbench.evidence import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gilbench.evidence import SizeFinding
    from gilbench.model import Estimate

__all__ = ["Pair", "Point", "Profile", "agree", "profile"]

_CLEAR: Final = 0.1
_LEAST_PART: Final = 1 / 3
_MOST_CHANGES: Final = 3
_HALF: Final = 0.5
_HELD: Final = 0.95
_RELEASED: Final = 0.1

_KINDS: Final = {
    Verdict.HOLDS: "held",
    Verdict.HOLDS_SWITCHABLE: "held",
    Verdict.PARTIAL: "partial",
    Verdict.RELEASES: "released",
    Verdict.RELEASES_BUT_SERIAL: "released",
}


@dataclass(frozen=True, kw_only=True)
class Point:
    """What a look at a size told."""

    size: int
    verdict: Verdict
    share: Estimate

    @property
    def kind(self) -> str:
        """`held`, `partial` or `released`; by the share alone where the verdict is inconclusive."""
        if self.verdict is not Verdict.INCONCLUSIVE:
            return _KINDS[self.verdict]
        if self.share.value >= _HELD:
            return "held"
        return "released" if self.share.value <= _RELEASED else "partial"

    @property
    def above_half(self) -> bool | None:
        """Whether more than half is held; null where the interval does not tell."""
        if self.share.low <= _HALF <= self.share.high:
            return None
        return self.share.value > _HALF

    def overlaps(self, other: Point) -> bool:
        """Whether the two shares may be the same."""
        return self.share.low <= other.share.high and other.share.low <= self.share.high


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two points, the lower at the smaller size."""

    lower: Point
    upper: Point

    @property
    def difference(self) -> float:
        """How far the two shares are apart."""
        return abs(self.lower.share.value - self.upper.share.value)

    @property
    def overlaps(self) -> bool:
        """Whether the two shares may be the same."""
        return self.lower.overlaps(self.upper)

    @property
    def neighbours(self) -> bool:
        """Whether no size lies between."""
        return self.upper.size - self.lower.size == 1

    @property
    def steepest_slope(self) -> float:
        """The most by which the share falls here without a jump: as h / (h + n·r) does for a fixed
        held part h beside a released one that grows with n, whatever h / r.
        """
        if self.lower.size == 0:
            return 0.0
        ratio = sqrt(self.upper.size / self.lower.size)
        return (ratio - 1) / (ratio + 1)


@dataclass(frozen=True, kw_only=True)
class Profile:
    """The sizes that told a share, in order, and those of them that are steps."""

    points: tuple[Point, ...]
    at_steps: tuple[Point, ...]

    def changes(self) -> list[Pair]:
        """Return the neighbouring steps that an edge is searched between, at most three, the most
        promising first: see `search`.
        """
        clear = [pair for pair in _pairs(self.at_steps) if pair.difference >= _CLEAR]
        letting_go = (
            pair for pair in clear if pair.lower.kind == "held" and pair.upper.kind != "held"
        )
        first = next(letting_go, None)
        # The sort is stable: of equal ones the smallest sizes come first.
        clear.sort(key=lambda pair: (pair is not first, -pair.difference))
        return clear[:_MOST_CHANGES]

    def edge(self, change: Pair) -> Pair | None:
        """Return the neighbours within `change` whose shares differ most, while that may be an
        edge; null where only a slope is left.
        """
        inside = [
            point
            for point in self.points
            if change.lower.size < point.size < change.upper.size
            and not (point.overlaps(change.lower) and point.overlaps(change.upper))
        ]
        steepest = max(
            _pairs([change.lower, *inside, change.upper]), key=lambda pair: pair.difference
        )
        least = max(_CLEAR, change.difference * _LEAST_PART)
        if steepest.neighbours:
            least = max(least, steepest.steepest_slope)
        return steepest if steepest.difference >= least else None

    def between(self, edge: Pair) -> bool:
        """Return whether a point within may be the same as either end, although it is told more
        precisely than these differ: as on a slope.
        """
        return any(
            edge.lower.size < point.size < edge.upper.size
            and point.overlaps(edge.lower)
            and point.overlaps(edge.upper)
            and point.share.high - point.share.low < edge.difference
            for point in self.points
        )

    def slope(self) -> Pair | None:
        """Return the first step and the last, where the two differ clearly."""
        if not self.at_steps:
            return None
        ends = Pair(lower=self.at_steps[0], upper=self.at_steps[-1])
        return ends if ends.difference >= _CLEAR and not ends.overlaps else None

    def crossing(self, slope: Pair) -> Pair | None:
        """Return the first points around the crossing of one half, each clearly on its side."""
        if slope.lower.above_half is slope.upper.above_half:
            return None
        clear = [point for point in self.points if point.above_half is not None]
        crossings = (
            pair for pair in _pairs(clear) if pair.lower.above_half is not pair.upper.above_half
        )
        return next(crossings, None)

    def transition(self, slope: Pair) -> Pair | None:
        """Return the last point up to which all are of the kind of the first step, and the first
        from which on all are of the kind of the last one; null where the two kinds are the same.
        """
        before, after = slope.lower.kind, slope.upper.kind
        if before == after:
            return None
        pairs = _pairs(self.points)
        lower = next(pair.lower for pair in pairs if pair.upper.kind != before)
        upper = next(pair.upper for pair in reversed(pairs) if pair.lower.kind != after)
        return Pair(lower=lower, upper=upper)


def profile(looks: Sequence[SizeFinding], steps: Sequence[int]) -> Profile:
    """Return what `looks` tell; of several at one size the last conclusive one counts."""
    last = {point.size: point for point in _told(looks)}
    points = tuple(last[size] for size in sorted(last))
    return Profile(points=points, at_steps=tuple(each for each in points if each.size in steps))


def agree(looks: Sequence[SizeFinding]) -> bool:
    """Return whether there are two looks that told something, and the last two may be the same."""
    *_, before, last = (None, None, *_told(looks))
    return before is not None and last is not None and before.overlaps(last)


def _told(looks: Sequence[SizeFinding]) -> list[Point]:
    return [
        Point(size=look.size, verdict=look.verdict, share=look.held_share)
        for look in looks
        if look.held_share is not None
    ]


def _pairs(points: Sequence[Point]) -> list[Pair]:
    return [Pair(lower=lower, upper=upper) for lower, upper in pairwise(points)]
