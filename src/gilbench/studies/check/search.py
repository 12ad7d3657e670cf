"""The search for the size at which the behaviour changes: what to look at next, and what it found.

Both are pure functions of the looks so far, so a stored check comes to the same threshold again.

**Where.** Once every step was looked at, an edge is searched in pairs of neighbouring steps whose
held shares differ by at least 0.1: first in the first pair that goes from held (`holds`,
`holds-switchable`) to anything that lets go, then in those that differ most, three pairs in all.
The first edge found decides.

**How.** The next look falls into the middle of those two neighbours, within the change, whose
shares differ most. At an edge one such difference stays as large as the jump, down to n and n + 1,
whatever slopes lie beside it; on a slope alone all of them shrink. The largest must stay at least
0.1 and a third of the change; at n and n + 1 also more than a slope explains there.

**How sure.** What a bisection starts from and what it comes to is looked at until two looks in a
row agree. Neighbours that differ most but may yet be the same are looked at again, and so is what
was inconclusive, or too vague to tell the two ends of the change apart. Each time has twice the
effort, up to eight times the usual; then it is given up, and the threshold is not sharp. Where that
leaves a size that is told well and yet like either end, it is a slope: no edge was found there.

**Without an edge** the range is searched in which the share crosses one half, to 5 % of n.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gilbench.evidence import SizeFinding, Threshold
from gilbench.sizes import steps
from gilbench.studies.check.profile import agree, profile

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gilbench.evidence import Sizes
    from gilbench.studies.check.profile import Pair, Profile

    History = Mapping[int, Sequence[SizeFinding]]

__all__ = ["MOST_LOOKS", "Wanted", "threshold", "wanted"]

MOST_LOOKS: Final = 64  # beyond the steps

_MOST_TIMES: Final = 4  # at efforts 1, 2, 4 and 8
_NEAR: Final = 1.05
_PAYS: Final = 1.05


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The size to look at next. `effort`: how many times the usual one, 1, 2, 4 or 8.
    `scaling`: whether the speedup of two threads is of use there.
    """

    size: int
    effort: int
    scaling: bool


def wanted(looks: Sequence[SizeFinding], sizes: Sizes) -> Wanted | None:
    """Return what to look at next, or null when there is nothing more to find.

    `looks` are all so far, in order; of several at one size the last conclusive one counts, so it
    may well pool the earlier ones. What cannot be looked at is a look too, an inconclusive one.
    """
    history = defaultdict[int, list[SizeFinding]](list)
    for look in looks:
        history[look.size].append(look)
    marks = steps(sizes)
    for size in marks:
        if not history[size]:
            return Wanted(size=size, effort=1, scaling=True)
    if len(looks) - len(marks) >= MOST_LOOKS:
        return None
    following = _following(profile(looks, marks), history)
    if following is None:
        return None
    return Wanted(size=following, effort=2 ** len(history[following]), scaling=False)


def threshold(looks: Sequence[SizeFinding], sizes: Sizes) -> Threshold:
    """Return where the behaviour changes, as far as `looks` tell; at each size the last
    conclusive one counts.

    Of an edge, also one that was given up before it was sharp, the verdicts are those at `before`
    and at `size`. Of a slope they are those at the first step and at the last; `before` and `size`
    are those next to the crossing of one half, or, where it is not crossed, `before` is the last
    size with the first verdict and `size` the first with the last one.
    """
    marks = steps(sizes)
    pays_from = _pays_from(looks, marks)
    shares = profile(looks, marks)
    for change in shares.changes():
        edge = shares.edge(change)
        if edge is not None and not edge.overlaps and not shares.between(edge):
            return _threshold(edge, edge, edge.neighbours, pays_from)
    slope = shares.slope()
    if slope is not None:
        where = shares.crossing(slope) or shares.transition(slope)
        if where is not None:
            return _threshold(where, slope, False, pays_from)
    return Threshold(
        before=None,
        size=None,
        verdict_before=None,
        verdict_after=None,
        sharp=False,
        pays_from=pays_from,
    )


def _following(shares: Profile, history: History) -> int | None:
    for change in shares.changes():
        doubtful = _doubtful(change, history)
        if doubtful is not None:
            return doubtful
        edge = shares.edge(change)
        if edge is None:
            continue
        if edge.overlaps or edge.neighbours:
            doubtful = _doubtful(edge, history)
            if doubtful is not None:
                return doubtful
        if edge.overlaps:
            continue
        middle = None if edge.neighbours else _middle(edge, history)
        if middle is not None or not shares.between(edge):
            return middle
    slope = shares.slope()
    crossing = slope and shares.crossing(slope)
    if crossing is None or crossing.neighbours:
        return None
    near = crossing.upper.size <= crossing.lower.size * _NEAR
    return None if near else _middle(crossing, history)


def _doubtful(pair: Pair, history: History) -> int | None:
    """The end to look at again, the vaguer one first; null when both are sure."""
    ends = sorted((pair.lower, pair.upper), key=lambda end: end.share.low - end.share.high)
    for end in ends:
        seen = history[end.size]
        if len(seen) < _MOST_TIMES and (pair.overlaps or not agree(seen)):
            return end.size
    return None


def _middle(pair: Pair, history: History) -> int | None:
    """The size between; null when looking at it was given up."""
    middle = (pair.lower.size + pair.upper.size) // 2
    return middle if len(history[middle]) < _MOST_TIMES else None


def _pays_from(looks: Sequence[SizeFinding], marks: Sequence[int]) -> int | None:
    threads = {look.size: look.threads for look in looks if look.threads is not None}
    pays_from = None
    for size in reversed(marks):
        if size in threads:
            if threads[size].low <= _PAYS:
                break
            pays_from = size
    return pays_from


def _threshold(where: Pair, verdicts: Pair, sharp: bool, pays_from: int | None) -> Threshold:
    return Threshold(
        before=where.lower.size,
        size=where.upper.size,
        verdict_before=verdicts.lower.verdict,
        verdict_after=verdicts.upper.verdict,
        sharp=sharp,
        pays_from=pays_from,
    )
