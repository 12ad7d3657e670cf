"""The sentences of a check: its verdict, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench import durations
from gilbench.evidence import Verdict
from gilbench.studies.analysis.words import percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gilbench.model import Estimate
    from gilbench.studies.check.verdict import Ruling

__all__ = ["advice", "headline"]

_SAID: Final[Mapping[Verdict, str]] = {
    Verdict.HOLDS: "It holds the GIL for the whole call{at_once}: no other thread runs Python.",
    Verdict.HOLDS_SWITCHABLE: (
        "It holds the GIL all along, but hands it over every switch interval, as Python code does:"
        " other threads take turns with it."
    ),
    Verdict.PARTIAL: "It holds the GIL for {share} of the call{at_once}, and releases it for the"
    " rest.",
    Verdict.RELEASES: "It releases the GIL: it holds it for {share} of the call.",
    Verdict.RELEASES_BUT_SERIAL: (
        "It releases the GIL, yet two threads are no faster than one: {reason}."
    ),
    Verdict.INCONCLUSIVE: "Inconclusive: {reason}.",
}
_SAID_WITHOUT_GIL: Final[Mapping[Verdict, str]] = {
    **_SAID,
    Verdict.HOLDS: (
        "It stays attached for the whole call{at_once}: threads run it side by side, but what must"
        " stop them all, such as the garbage collector, waits for it."
    ),
    Verdict.HOLDS_SWITCHABLE: (
        "It stays attached all along, as Python code does: threads run it side by side, and stop"
        " when asked to."
    ),
    Verdict.PARTIAL: "It is attached for {share} of the call{at_once}, and detached for the rest.",
    Verdict.RELEASES: "It detaches: it is attached for {share} of the call.",
    Verdict.RELEASES_BUT_SERIAL: ("It detaches, yet two threads are no faster than one: {reason}."),
}

_ADVICE: Final[Mapping[Verdict, str]] = {
    Verdict.HOLDS: (
        "Threads do not speed it up, and it stalls the others: use processes, or have the extension"
        " release the GIL around its work."
    ),
    Verdict.HOLDS_SWITCHABLE: (
        "Threads do not speed it up: use processes, or interpreters with a GIL of their own."
    ),
    Verdict.PARTIAL: "Threads speed up the part that releases: look for what holds.",
    Verdict.RELEASES: "Use threads: they run it side by side.",
    Verdict.RELEASES_BUT_SERIAL: "Give each thread an object of its own, or use processes.",
    Verdict.INCONCLUSIVE: "Quieten the machine, or give it more time (--budget), and ask again.",
}
_ADVICE_WITHOUT_GIL: Final[Mapping[Verdict, str]] = {
    **_ADVICE,
    Verdict.HOLDS: "Use threads on this build; on one with a GIL, processes.",
    Verdict.HOLDS_SWITCHABLE: "Use threads on this build; on one with a GIL, processes.",
    Verdict.PARTIAL: "Use threads on this build.",
}
_SHORT_NS: Final = 3_000
_TOO_SHORT: Final = (
    "Threads do not speed it up; and a call is so short that to release the GIL would cost what it"
    " gives: use processes, each for many calls."
)
_OWN_THREADS: Final = (
    "Call it from one thread at a time, or limit the threads that it starts itself."
)
_REENABLED: Final = (
    "Find the extension module that does not declare itself safe without the GIL"
    " (Py_MOD_GIL_NOT_USED; in Cython, freethreading_compatible): PYTHON_GIL=0 keeps it off."
)


def headline(
    ruling: Ruling,
    *,
    held: Estimate | None,
    longest_hold_ns: int | None,
    free_threaded: bool,
    gil_reenabled: bool | None,
) -> str:
    """Return the verdict as a sentence. `free_threaded`: there is no GIL, or it is off."""
    said = (_SAID_WITHOUT_GIL if free_threaded else _SAID)[ruling.verdict].format(
        share="an unknown share" if held is None else percent(held.value),
        at_once=""
        if longest_hold_ns is None
        else f" (up to {durations.format(longest_hold_ns)} at once)",
        reason=ruling.reason,
    )
    return f"It turned the GIL on for the whole process! {said}" if gil_reenabled else said


def advice(
    ruling: Ruling,
    *,
    call_ns: float | None,
    free_threaded: bool,
    gil_reenabled: bool | None,
    threads_failed: str | None,
) -> str:
    """Return what to do about the verdict, in a sentence. `threads_failed` is why two threads at
    once did not work, where they did not.
    """
    if gil_reenabled:
        return _REENABLED
    if threads_failed is not None and ruling.verdict in {Verdict.RELEASES, Verdict.PARTIAL}:
        return f"Give each thread an object of its own: two at once failed ({threads_failed})."
    if ruling.verdict is Verdict.RELEASES_BUT_SERIAL and "worker threads" in str(ruling.reason):
        return _OWN_THREADS
    if free_threaded:
        return _ADVICE_WITHOUT_GIL[ruling.verdict]
    if ruling.verdict is Verdict.HOLDS and call_ns is not None and call_ns < _SHORT_NS:
        return _TOO_SHORT
    return _ADVICE[ruling.verdict]
