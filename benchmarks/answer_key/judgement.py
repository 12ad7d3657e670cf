"""Whether findings agree with the truth."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from gilbench import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from entries import Truth, Turn

    from gilbench import CheckFindings, SizeFinding

__all__ = ["Judgement", "Outcome", "expected", "judge"]


class Outcome(StrEnum):
    """What a verdict is worth."""

    TRUE = "true"
    FALSE = "false"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """An outcome; `said` is the verdict, or what was found of a threshold. `complaint`: what is
    wrong or open, else null.
    """

    outcome: Outcome
    said: str
    complaint: str | None = None


def expected(truth: Truth) -> str:
    """Return the truth in a few words, as the confusion table names its rows."""
    if truth.turn is not None:
        return f"threshold {truth.turn.size}"
    return _any_of(truth.verdicts)


def judge(truth: Truth, findings: CheckFindings) -> Judgement:
    """Return what `findings` are worth.

    With sizes every size has to come out as itself, and the threshold to the exact value. Where
    nothing false is said but the threshold stays open, it is inconclusive.
    """
    if truth.turn is not None:
        return _judge_sizes(truth.turn, findings)
    said = str(findings.verdict)
    if findings.verdict is Verdict.INCONCLUSIVE:
        return Judgement(outcome=Outcome.INCONCLUSIVE, said=said, complaint=findings.reason)
    if findings.verdict not in truth.verdicts:
        complaint = f"it is {_any_of(truth.verdicts)}; {findings.headline}"
        return Judgement(outcome=Outcome.FALSE, said=said, complaint=complaint)
    if truth.share is not None and findings.held_share is not None:
        low, high = truth.share
        if not low <= findings.held_share.value <= high:
            complaint = f"it holds for {findings.held_share.value:.0%}, not {low:.0%} to {high:.0%}"
            return Judgement(outcome=Outcome.FALSE, said=said, complaint=complaint)
    return Judgement(outcome=Outcome.TRUE, said=said)


def _judge_sizes(turn: Turn, findings: CheckFindings) -> Judgement:
    threshold = findings.threshold
    size = None if threshold is None else threshold.size
    before = None if threshold is None else threshold.before
    sharp = threshold is not None and threshold.sharp
    said = "no threshold" if size is None else f"{'' if sharp else 'about '}{size}"
    wrong = [look for look in findings.sizes if not _agrees(look, turn)]
    if wrong:
        looks = ", ".join(f"{look.verdict} at {look.size}" for look in wrong)
        return Judgement(
            outcome=Outcome.FALSE, said=said, complaint=f"{looks}; it changes at {turn.size}"
        )
    if size is None or before is None:
        vague = any(look.verdict is Verdict.INCONCLUSIVE for look in findings.sizes)
        return Judgement(
            outcome=Outcome.INCONCLUSIVE if vague else Outcome.FALSE,
            said=said,
            complaint=f"it changes at {turn.size}",
        )
    if not before < turn.size <= size:
        return Judgement(
            outcome=Outcome.FALSE, said=said, complaint=f"it changes at {turn.size}, not {said}"
        )
    if not sharp:
        return Judgement(
            outcome=Outcome.INCONCLUSIVE,
            said=said,
            complaint=f"between {before} and {size}; it changes at {turn.size}",
        )
    return Judgement(outcome=Outcome.TRUE, said=said)


def _agrees(look: SizeFinding, turn: Turn) -> bool:
    right = turn.before if look.size < turn.size else turn.after
    return look.verdict is Verdict.INCONCLUSIVE or look.verdict in right


def _any_of(verdicts: Iterable[str]) -> str:
    return " or ".join(each for each in Verdict if each in verdicts)
