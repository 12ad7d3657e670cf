"""The one sentence that the user came for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench.model import Mode, Status
from gilbench.studies.analysis.subject import subject_of
from gilbench.studies.analysis.waits import function_losses, gil_waits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gilbench.model import CaseFinding
    from gilbench.studies.analysis.subject import Subject

__all__ = ["headline"]

# By whether the GIL is on: how a sentence names a mode at first, and after that.
_MODES: Final = {
    (True, Mode.HOLD): (" that hold the GIL", "holding it"),
    (True, Mode.RELEASE): (" that release the GIL", "releasing it"),
    (False, Mode.HOLD): (" that stay attached", "staying attached"),
    (False, Mode.RELEASE): (" that detach", "detaching"),
}

_LACKS: Final = {
    Status.OK: "cannot be compared: there is no serial base",
    Status.INCONCLUSIVE: "is inconclusive",
    Status.FAILED: "failed",
    Status.UNAVAILABLE: "cannot run here",
}


def headline(
    cases: Sequence[CaseFinding], *, cores: int, free_threaded: bool, gil_enabled: bool
) -> str:
    """Return what threads, or else the first other way that was measured, do on this machine.

    It is about `spin` if that ran on threads, else the first workload that did, at the largest
    worker count. Where the evidence does not hold it says why, and then what still holds. What it
    says that the GIL takes is the GIL wait, never the bite.
    """
    subject = subject_of(cases)
    if subject is None:
        return "Nothing was measured."
    waits = gil_waits(subject, gil_enabled=gil_enabled)
    if cores == 1:
        return _sentences("this process may use one core: nothing can scale here", waits)
    if subject.workers == 1:
        return "Only one worker was measured: give --workers 2 or more to see what they gain."
    sound = [case for case in subject.told if case.status is Status.OK and case.speedup]
    if not sound:
        return _without_verdict(subject, gil_enabled=gil_enabled)
    lacks = [
        f"{_MODES[gil_enabled, case.mode][1]} {_lack(case)}"
        for case in subject.told
        if case not in sound
    ]
    place = "on this free-threaded build" if free_threaded else "on this machine"
    work = "" if subject.understood else f", with {subject.label},"
    if free_threaded and gil_enabled:
        place, work = f"{place}, its GIL on", work or ","
    claim = _claim(subject, sound, gil_enabled=gil_enabled)
    return _sentences(f"{place}{work} {claim}", *lacks, waits)


def _without_verdict(subject: Subject, *, gil_enabled: bool) -> str:
    """Return why there is no verdict, and the figures that hold all the same."""
    case = subject.told[0]
    workload = "" if subject.understood else f" ({subject.label})"
    lack = f"{subject.name}{workload} {_lack(case)}"
    if case.status is Status.INCONCLUSIVE:
        lack = f"inconclusive for {subject.name}{workload}: {case.reason}"
    known = [case for case in subject.told if case.speedup]
    claim = _claim(subject, known, gil_enabled=gil_enabled) if known else None
    waits = gil_waits(subject, gil_enabled=gil_enabled)
    losses = None if known else function_losses(subject, gil_enabled=gil_enabled)
    holds = [part for part in (claim, waits, losses) if part]
    if holds:
        holds[0] = f"what holds: {holds[0][0].lower()}{holds[0][1:]}"
    return _sentences(lack, *holds)


def _claim(subject: Subject, cases: Sequence[CaseFinding], *, gil_enabled: bool) -> str:
    """Return `two threads that hold the GIL do the work of 1.00; releasing it, 1.95 of ...`."""
    first, *others = cases
    which = _MODES[gil_enabled, first.mode][0] if subject.chooses_mode else ""
    claim = f"{subject.name}{which} do the work of {_speedup(first)}"
    for case in others:
        claim += f"; {_MODES[gil_enabled, case.mode][1]}, {_speedup(case)}"
    last = cases[-1]
    if last.ceiling and last.ceiling.source != last.backend:
        independent = " (independent processes)" if last.ceiling.source == "processes" else ""
        claim += f" of a possible {last.ceiling.value:.2f}{independent}"
    losses = function_losses(subject, gil_enabled=gil_enabled)
    return f"{claim}: {losses}" if losses else claim


def _speedup(case: CaseFinding) -> str:
    return f"{case.speedup.value:.2f}" if case.speedup else "unknown"


def _lack(case: CaseFinding) -> str:
    return _LACKS[case.status] + (f": {case.reason}" if case.reason else "")


def _sentences(*parts: str | None) -> str:
    """Return the parts as sentences, with a capital and a full stop each."""
    return " ".join(f"{part[0].upper()}{part[1:].removesuffix('.')}." for part in parts if part)
