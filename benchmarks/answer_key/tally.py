"""What all checks come to: the confusion table, and how many were wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from judgement import Outcome

from gilbench import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from judgement import Judgement

__all__ = ["MOST_INCONCLUSIVE", "Row", "Tally", "confusion", "tally"]

MOST_INCONCLUSIVE: Final = 0.03


@dataclass(frozen=True, kw_only=True)
class Row:
    """One check. `truth` is what was expected, in words. `sized`: it looked for a threshold.
    `held_share` and `reason` are as the check has them; `seconds` is what it took.
    """

    run: int
    name: str
    truth: str
    sized: bool
    judgement: Judgement
    held_share: float | None
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How many checks there were, how many of them said something false and how many nothing, and
    of those that looked for a threshold how many found it.
    """

    checks: int
    false: int
    inconclusive: int
    thresholds: int
    thresholds_found: int

    def passes(self, *, loaded: bool) -> bool:
        """Whether the bounds are kept: nothing false, and unloaded at most 3 % inconclusive."""
        few = self.inconclusive <= MOST_INCONCLUSIVE * self.checks
        return self.checks > 0 and self.false == 0 and (loaded or few)


def tally(rows: Sequence[Row]) -> Tally:
    """Count the rows."""
    outcomes = [row.judgement.outcome for row in rows]
    sized = [row.judgement.outcome for row in rows if row.sized]
    return Tally(
        checks=len(rows),
        false=outcomes.count(Outcome.FALSE),
        inconclusive=outcomes.count(Outcome.INCONCLUSIVE),
        thresholds=len(sized),
        thresholds_found=sized.count(Outcome.TRUE),
    )


def confusion(rows: Sequence[Row]) -> str:
    """Return a table of the checks without sizes: a line per truth, a column per verdict."""
    verdicts = [str(each) for each in Verdict]
    rows = [row for row in rows if not row.sized]
    truths = sorted({row.truth for row in rows}, key=lambda truth: _place(truth, verdicts))
    said = [*verdicts, *sorted({row.judgement.said for row in rows} - set(verdicts))]
    width = max([len("truth"), *map(len, truths)])
    lines = ["  ".join([f"{'truth':{width}}", *said])]
    for truth in truths:
        counts = [
            sum(row.truth == truth and row.judgement.said == verdict for row in rows)
            for verdict in said
        ]
        cells = [
            f"{count or '.':>{len(verdict)}}" for count, verdict in zip(counts, said, strict=True)
        ]
        lines.append("  ".join([f"{truth:{width}}", *cells]))
    return "\n".join(lines)


def _place(truth: str, verdicts: Sequence[str]) -> tuple[int, str]:
    first = truth.partition(" or ")[0]
    return (verdicts.index(first) if first in verdicts else len(verdicts), truth)
