"""The verdict on one function, from its held share, how long it shuts others out and its scaling.

Pure: evidence in, words out. Where the evidence does not carry a verdict it is `inconclusive`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Final

from gilbench.evidence import LOCATABLE_NS, Controls, Subject, Verdict
from gilbench.studies.analysis.words import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gilbench.evidence import ShutOut
    from gilbench.model import Estimate
    from gilbench.studies.check.scaling import Parallel

__all__ = ["Ruling", "doubt", "rule", "was_away"]

# A call that is detached for less than a twentieth lets nobody do anything; one that is attached
# for less than a tenth is what its users mean by "it releases the GIL".
_HOLDS: Final = 0.95
_RELEASES: Final = 0.10
# An interval across one of these that is no wider may be called partial: its share is told.
_NARROW: Final = 0.06

# The controls hold and release all along. On a busy machine a look now and then comes late.
_CONTROL_HOLDS: Final = 0.90
_CONTROL_RELEASES: Final = 0.10

# Of a call, the stretch in which nobody is let in, or the wait of who was let in.
_SHUT_OUT: Final = 0.8
_HANDED_OVER: Final = 0.4
# Seen being let in: so many at least, and where they were so all over the call, more. One in ten
# may have been seen further on than it was: to wake others takes CPU time too.
_FEWEST_LET_IN: Final = 8
_ENOUGH_LET_IN: Final = 16
_ASTRAY: Final = 0.1
# To hand the GIL over takes some 0.1 ms: in calls of this length that is seen to be less.
_LONG_CALL_NS: Final = 250_000
_MUCH_LONGER: Final = 1.5
# Of the time in which the thread that asks was kept from the cores: where it is let in, now and
# then, and where it never is.
_OFTEN: Final = 0.25
_NEARLY_ALWAYS: Final = 0.75
_KEPT_AWAY: Final = (
    "it holds; but other work kept the thread that asks for its turn from the cores: nobody saw"
    " whether it is let in within a call"
)


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """A verdict; with the reason where it is inconclusive, and where it needs one."""

    verdict: Verdict
    reason: str | None = None


def rule(
    *,
    held: Estimate | None,
    controls: Controls,
    shut_outs: Sequence[ShutOut],
    call_ns: float,
    parallel: Parallel | None,
) -> Ruling:
    """Return the verdict on calls of `call_ns`. `parallel` is null where scaling was not asked for.

    Controls that do not come out as themselves make everything inconclusive.
    """
    wrong = doubt(controls)
    if held is None or wrong is not None:
        return _inconclusive(wrong or "no sample fell into a call")
    if held.value >= _HOLDS and held.low >= _HOLDS - _RELEASES:
        return _kind_of_holding(shut_outs, call_ns)
    if held.high <= _RELEASES or (held.value <= _RELEASES and held.high - held.low <= _NARROW):
        return _kind_of_releasing(parallel)
    if held.low > _RELEASES and held.high < _HOLDS:
        return Ruling(verdict=Verdict.PARTIAL)
    if held.high - held.low <= _NARROW:
        return Ruling(verdict=Verdict.PARTIAL)
    return _inconclusive(
        f"the held share lies between {percent(held.low)} and {percent(held.high)}"
    )


def doubt(controls: Controls) -> str | None:
    """Return what is wrong with the controls, or null."""
    if controls.hold is None or controls.release is None:
        return "the controls were not seen"
    if controls.hold.value < _CONTROL_HOLDS:
        return (
            "the control that holds was found holding for"
            f" {percent(controls.hold.value)} of its time: the machine is too busy to tell"
        )
    if controls.release.value > _CONTROL_RELEASES:
        return (
            "the control that releases was found holding for"
            f" {percent(controls.release.value)} of its time: other threads of the process hold"
        )
    return None


def was_away(batch: ShutOut) -> bool:
    """Return whether the thread that asks shared its core so often that where it was let in says
    little of the calls.
    """
    return _away([batch]) > _OFTEN


def _kind_of_holding(shut_outs: Sequence[ShutOut], call_ns: float) -> Ruling:
    # Of a batch in which nobody asked nothing can be said.
    asked = [each for each in shut_outs if each.waits]
    target = [each for each in asked if each.subject is Subject.TARGET]
    python = [each for each in asked if each.subject is Subject.PYTHON]
    if not target:
        return _inconclusive("it holds, but no other thread got to ask for its turn")
    if any(each.granted for each in asked if each.subject is Subject.HOLD):
        return _inconclusive("it holds; but the control that lets nobody in was found doing so")
    let_in = [each for each in target if each.granted]
    if let_in:
        there = [each for each in let_in if not was_away(each)]
        return _letting_in(there or let_in, python, call_ns)
    if _away(target) > _NEARLY_ALWAYS:
        return _inconclusive(_KEPT_AWAY)
    return _unless(bool(python) and not any(each.granted for each in python))


def _letting_in(target: Sequence[ShutOut], python: Sequence[ShutOut], call_ns: float) -> Ruling:
    """Return whether others are let in within a call, or but between two calls."""
    if call_ns < LOCATABLE_NS:
        return Ruling(verdict=Verdict.HOLDS_SWITCHABLE)
    closed = _closed(target)
    if closed is not None:
        loop = _closed(python)
        slow = bool(python) and (loop is None or loop >= _SHUT_OUT)
        return _by_stretch(closed, _away(target), slow=slow)
    if call_ns < _LONG_CALL_NS:
        return _inconclusive("it holds; but nobody saw where in a call it lets others in")
    waited = min(_waited(each, call_ns) for each in target)
    # After as long as a call takes it was let in between two calls; after much longer than that it
    # was not the call that kept it waiting.
    slow = waited > _MUCH_LONGER or any(_waited(each, call_ns) > _HANDED_OVER for each in python)
    return _by_stretch(waited, _away(target), slow=slow)


def _by_stretch(shut_out: float, away: float, *, slow: bool) -> Ruling:
    """Return the verdict on calls that shut others out for this share of a call.

    `away`: as `_away` says. `slow`: the control that hands over looks the same.
    """
    if shut_out < _HANDED_OVER:
        return Ruling(verdict=Verdict.HOLDS_SWITCHABLE)
    # Who shares a core with the calls gets it, as a rule, where these turn to the system: between
    # two of them, when they are stamped. It is let in there, whatever the calls would have done.
    if away > _OFTEN:
        return _inconclusive(_KEPT_AWAY)
    if shut_out < _SHUT_OUT:
        return Ruling(verdict=Verdict.HOLDS_SWITCHABLE)
    return _unless(slow)


def _closed(batches: Sequence[ShutOut]) -> float | None:
    """Return the longest stretch of a call, as a share of it, in which nobody is let in; null where
    too few were seen being let in.
    """
    counts = [sum(part) for part in zip(*(b.let_in for b in batches if b.let_in), strict=True)]
    if sum(counts) < _FEWEST_LET_IN:
        return None
    astray = round(_ASTRAY * sum(counts))
    stretches = (
        end - begin
        for begin, end in combinations(range(len(counts) + 1), 2)
        if sum(counts[begin:end]) <= astray
    )
    closed = max(stretches, default=0) / len(counts)
    return closed if closed >= _SHUT_OUT or sum(counts) >= _ENOUGH_LET_IN else None


def _waited(batch: ShutOut, call_ns: float) -> float:
    """Return the typical wait of a batch in calls, as they were at the time: a machine may have
    been slower when they were timed.
    """
    return batch.typical_wait_ns / min(call_ns, batch.batch_ns / max(1, batch.calls))


def _away(batches: Sequence[ShutOut]) -> float:
    """Return for what share of the time the thread that asks was ready, and others ran: who is not
    there does not ask, and is not shut out by whom it asks.
    """
    return sum(each.queued_ns for each in batches) / sum(each.batch_ns for each in batches)


def _unless(slow: bool) -> Ruling:
    """Return `holds`, unless the control that hands over looks the same."""
    if slow:
        return _inconclusive(
            "it holds; but to hand over takes so long here that nobody sees whether it does so"
            " within a call"
        )
    return Ruling(verdict=Verdict.HOLDS)


def _kind_of_releasing(parallel: Parallel | None) -> Ruling:
    if parallel is None or parallel.serial is False:
        return Ruling(verdict=Verdict.RELEASES)
    if parallel.serial is None:
        return _inconclusive(f"it releases; but {parallel.reason}")
    return Ruling(verdict=Verdict.RELEASES_BUT_SERIAL, reason=parallel.reason)


def _inconclusive(reason: str) -> Ruling:
    return Ruling(verdict=Verdict.INCONCLUSIVE, reason=reason)
