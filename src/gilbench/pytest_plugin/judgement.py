"""What findings say to an assertion: yes, no, or that they do not carry it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gilbench.evidence import CheckFindings, SizeFinding, Verdict
from gilbench.pytest_plugin.message import interval, percent

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gilbench.model import Estimate

__all__ = ["Judgement", "holds", "is_inconclusive", "releases"]

_HOLDING: Final = frozenset({Verdict.HOLDS, Verdict.HOLDS_SWITCHABLE})

# 1 - 0.9 is a little less than 0.1.
_ROUNDING: Final = 1e-9

# What holds does so for all of a call but a twentieth.
_HOLDS: Final = 0.95


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """`passed` is null where the evidence does not carry the assertion. `reason`, empty where it
    passed, goes on after the name of the function.
    """

    passed: bool | None
    reason: str = ""


_PASSED: Final = Judgement(passed=True)


def releases(findings: CheckFindings, share: float) -> Judgement:
    """Return whether the GIL is released for at least `share` of the time in a call, at all sizes:
    whether the interval of the held share ends below the rest.
    """
    allowed = 1 - share
    asked = f"at most {percent(allowed)} may be held (share={share:g})"

    def ask(row: CheckFindings | SizeFinding, held: Estimate | None) -> Judgement:
        if row.verdict in _HOLDING or (held and held.low > allowed + _ROUNDING):
            return Judgement(passed=False, reason=f"{_holding(findings, held)}; {asked}")
        if held is None:
            return _unknown(row)
        if held.high <= allowed + _ROUNDING:
            return _PASSED
        return Judgement(
            passed=None,
            reason=(
                f"is inconclusive: its held share, {interval(held)}, lies on both sides of"
                f" {percent(allowed)}, and {asked}; give it a larger budget (--gil-budget) or ask"
                " for another share"
            ),
        )

    return _over_all_sizes(findings, ask)


def holds(findings: CheckFindings) -> Judgement:
    """Return whether the GIL is held for the whole call, at all sizes."""

    def ask(row: CheckFindings | SizeFinding, held: Estimate | None) -> Judgement:
        if row.verdict in _HOLDING:
            return _PASSED
        if row.verdict is Verdict.INCONCLUSIVE:
            if held is None or held.low < _HOLDS <= held.high:
                return _unknown(row)
            if held.low >= _HOLDS:
                return _PASSED
        seen = "releases the GIL" if held is None else f"{_holding(findings, held)} only"
        return Judgement(passed=False, reason=f"{seen}; all of a call was to be held")

    return _over_all_sizes(findings, ask)


def is_inconclusive(findings: CheckFindings) -> bool:
    """Return whether the check is inconclusive, as a whole or at some size."""
    verdicts = (findings.verdict, *(row.verdict for row in findings.sizes))
    return Verdict.INCONCLUSIVE in verdicts


def _over_all_sizes(
    findings: CheckFindings,
    ask: Callable[[CheckFindings | SizeFinding, Estimate | None], Judgement],
) -> Judgement:
    """Return the first no, or else the first that is not known, or else yes.

    A held share is handed on where it counts: with a verdict, or where only something else is in
    doubt that nobody asks about here (whether two threads are faster, whether a holder hands over).
    """
    # Loads numpy: not before something was checked.
    from gilbench.studies.check.verdict import doubt

    sound = doubt(findings.controls) is None
    rows: Sequence[CheckFindings | SizeFinding] = findings.sizes or (findings,)
    judged: list[Judgement] = []
    for row in rows:
        counts = sound or row.verdict is not Verdict.INCONCLUSIVE
        one = ask(row, row.held_share if counts else None)
        judged.append(_at_size(row, one) if isinstance(row, SizeFinding) else one)
    no = [one for one in judged if one.passed is False]
    unknown = [one for one in judged if one.passed is None]
    return next(iter([*no, *unknown]), _PASSED)


def _at_size(row: SizeFinding, judged: Judgement) -> Judgement:
    return Judgement(passed=judged.passed, reason=f"at n = {row.size} {judged.reason}")


def _unknown(row: CheckFindings | SizeFinding) -> Judgement:
    reason = row.reason or "its held share is not known"
    return Judgement(passed=None, reason=f"is inconclusive: {reason}")


def _holding(findings: CheckFindings, held: Estimate | None) -> str:
    """Return what was seen; on a build without a GIL there is none to hold."""
    environment = findings.environment
    without_gil = environment.free_threaded and not environment.gil_enabled
    attached = without_gil and not findings.gil_reenabled
    how = "stays attached" if attached else "holds the GIL"
    return how if held is None else f"{how} for {percent(held.value)} of a call"
