"""What the loss budget says of the GIL, and of what else was lost, in a headline's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench.model import Mode
from gilbench.studies.analysis.words import kernel, noun, percent

if TYPE_CHECKING:
    from gilbench.model import CaseFinding
    from gilbench.studies.analysis.subject import Subject

__all__ = ["function_losses", "gil_waits"]

# Under a twentieth of the time nobody should change a program for.
_WORTH_TELLING: Final = 0.05

# What is not this much faster is not worth the move. The same tenth is a bite that threads may
# leave and still serve a function well.
_WORTH_MOVING: Final = 0.1

_OTHER_LOSSES: Final = {
    "hardware": "hardware that slows down when shared",
    "overhead": "overhead",
    "run_queue": "waiting for a core",
    "other_blocked": "blocking of its own (I/O, locks, sleep)",
    "imbalance": "idling after the last call",
    "unexplained": "something unexplained",
}


def gil_waits(subject: Subject, *, gil_enabled: bool) -> str | None:
    """Return what share of their time a kernel's threads waited to attach, if that is known.

    With the GIL the wait while holding is told whatever it is, other waits if they matter.
    """
    if not subject.chooses_mode or subject.workers == 1:
        return None
    shares = {
        finding.mode: f"{percent(share)} of their time{_inferred(finding)}"
        for finding in subject.told
        if (share := gil_wait(finding)) is not None
        and (share >= _WORTH_TELLING or (gil_enabled and finding.mode is Mode.HOLD))
    }
    if gil_enabled:
        return _told(shares, {Mode.HOLD: "holding", Mode.RELEASE: "releasing"}, "for the GIL")
    if not shares and any(gil_wait(finding) is not None for finding in subject.told):
        return "The GIL is off: nobody waited for it"
    return _told(shares, {Mode.HOLD: "attached", Mode.RELEASE: "detaching"}, "to attach")


def function_losses(subject: Subject, *, gil_enabled: bool) -> str | None:
    """Return what a user's function loses and what to do about it, or None if that is unknown."""
    finding = subject.told[0]
    if kernel(finding.workload) is not None:
        return None
    share = gil_wait(finding)
    if gil_enabled and share is not None and share >= _WORTH_TELLING:
        return f"the GIL takes {percent(share)} of their time{_inferred(finding)}{_advice(subject)}"
    if finding.bite is None:
        return None
    if finding.bite.value < _WORTH_MOVING:
        return f"{noun(finding.backend)} serve it well"
    innocent = "the GIL is not why" if gil_enabled else "the GIL is off"
    return innocent + _largest_other_loss(finding)


def gil_wait(finding: CaseFinding) -> float | None:
    """Return the share of GIL wait, or None where it is not known."""
    return None if finding.losses is None else finding.losses.gil_wait


def _told(shares: dict[Mode, str], who: dict[Mode, str], waiting: str) -> str | None:
    if not shares:
        return None
    first, *others = shares
    told = f"{who[first].capitalize()}, they spent {shares[first]} waiting {waiting}"
    return told + "".join(f"; {who[mode]}, {shares[mode]}" for mode in others)


def _inferred(finding: CaseFinding) -> str:
    return " (inferred)" if finding.losses_inferred else ""


def _advice(subject: Subject) -> str:
    finding, rival = subject.told[0], subject.best_rival()
    if finding.speedup is None or rival is None or rival.speedup is None:
        return ""
    if rival.speedup.value < finding.speedup.value * (1 + _WORTH_MOVING):
        return ""
    return f"; run it in {noun(rival.backend)} ({rival.speedup.value:.2f})"


def _largest_other_loss(finding: CaseFinding) -> str:
    known = {
        words: share
        for name, words in _OTHER_LOSSES.items()
        if (share := getattr(finding.losses, name, None)) is not None
    }
    if not known:
        return ""
    largest = max(known, key=lambda words: known[words])
    if known[largest] < _WORTH_TELLING:
        return ""
    return f"; {largest} takes {percent(known[largest])} of their time"
