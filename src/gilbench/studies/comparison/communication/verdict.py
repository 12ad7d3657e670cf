"""What becomes of `the first side is quicker`: which contrary evidence turns it, and which not."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from gilbench import quantities
from gilbench.comparison import Outcome, Unit
from gilbench.studies.comparison.communication.words import payload, place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gilbench.studies.comparison.communication.contest import Contest

__all__ = ["HOW", "outcome", "set_aside"]

# On two cores the same channel may take half as long again as a moment before: so much goes by how
# deeply the cores sleep, and it is not to turn what else is plain.
_TURNS: Final = 2.0
# Of all advantages together: where the one side's are no greater than so many times the other's,
# the next run may see it the other way round.
_AS_MUCH: Final = 1.5

HOW: Final = (
    "Of two sides, the one that is quicker over all payloads decides a claim, on one core and on"
    " two: by the product of its advantages; less than a quarter, or what may be chance, counts for"
    " neither. It depends where the other is twice as quick with one of them, or where its product"
    " is nearly as great: where that to the power of one and a half is greater."
)
"""The rule, for the reader."""


def outcome(contests: Sequence[Contest]) -> Outcome:
    """Return what becomes of `the first is quicker`, from all payloads on all numbers of cores."""
    ratios = [ratio for contest in contests for ratio in contest.ratios.values()]
    if not ratios:
        return Outcome.INCONCLUSIVE
    if max(ratios) >= _TURNS and 1 / min(ratios) >= _TURNS:
        return Outcome.DEPENDS
    # The largest advantage alone would go by one payload, and two of these be alike by chance.
    first = sum(math.log(ratio) for ratio in ratios if ratio > 1)
    second = sum(-math.log(ratio) for ratio in ratios if ratio < 1)
    if 0 < max(first, second) < _AS_MUCH * min(first, second):
        return Outcome.DEPENDS
    return Outcome.HOLDS if first > second else Outcome.DOES_NOT_HOLD


def set_aside(contests: Sequence[Contest]) -> str:
    """Return what the outcome is in spite of, as sentences with a space before each."""
    told = {
        Outcome.HOLDS: "".join(_against(contests, sign=-1)),
        Outcome.DOES_NOT_HOLD: "".join(_against(contests, sign=1)),
    }
    return told.get(outcome(contests), "")


def _against(contests: Sequence[Contest], *, sign: int) -> Iterator[str]:
    """Yield, for each contest that the first side won (1) or lost (-1) somewhere, by how much."""
    for contest in contests:
        times, size = max(
            ((ratio**sign, size) for size, ratio in contest.ratios.items()), default=(0.0, 0)
        )
        if times > 1:
            yield (
                f" With {payload(size)}{place(contest.cores)}, {contest.quicker[size]} was"
                f" {quantities.format(times, Unit.FACTOR)} times as quick: less than twice, which"
                " does not turn it."
            )
