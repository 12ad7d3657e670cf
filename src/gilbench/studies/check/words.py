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
    Verdict.RELEASES: "It releases the GIL: it holds it for {share} of the call{yet}.",
    Verdict.RELEASES_BUT_SERIAL: (
        "It releases the GIL, yet two threads are no faster than one: {reason}."
    ),
    Verdict.INCONCLUSIVE: "Inconclusive: {reason}.",
}
_SAID_WITHOUT_GIL: Final[Mapping[Verdict, str]] = {
    **_SAID,
    Verdict.HOLDS: (
        "It stays attached for the whole call{at_once}: {beside}, and what must stop all threads,"
        " such as the garbage collector, waits for it."
    ),
    Verdict.HOLDS_SWITCHABLE: (
        "It stays attached all along, as Python code does: {beside}, and stop when asked to."
    ),
    Verdict.PARTIAL: (
        "It is attached for {share} of the call{at_once}, and detached for the rest{yet}."
    ),
    Verdict.RELEASES: "It detaches: it is attached for {share} of the call{yet}.",
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
    Verdict.RELEASES_BUT_SERIAL: (
        "Give each thread an object of its own where they share one, or use processes."
    ),
    Verdict.INCONCLUSIVE: "Quieten the machine, or give it more time (--budget), and ask again.",
}
_ADVICE_WITHOUT_GIL: Final[Mapping[Verdict, str]] = {
    **_ADVICE,
    Verdict.HOLDS: "Use threads on this build; on one with a GIL, processes.",
    Verdict.HOLDS_SWITCHABLE: "Use threads on this build; on one with a GIL, processes.",
    Verdict.PARTIAL: "Use threads on this build.",
}
# Where two threads were no faster although nothing of the verdict keeps them apart.
_NO_FASTER: Final = 1.3
_NO_FASTER_ADVICE: Final[Mapping[Verdict, str]] = {
    Verdict.PARTIAL: "Two threads are {slow}: look for what holds.",
    Verdict.RELEASES: (
        "Others can run beside it, but two threads of it are {slow}: look for what they share, such"
        " as an object, a lock, the memory or, between two short calls, the GIL."
    ),
}
_SHARING: Final = (
    "Others can run beside it, but two threads of it are {slow}: look for what they share, such as"
    " an object, a lock or the memory."
)
_NO_FASTER_ADVICE_WITHOUT_GIL: Final[Mapping[Verdict, str]] = {
    Verdict.HOLDS: _SHARING,
    Verdict.HOLDS_SWITCHABLE: _SHARING,
    Verdict.PARTIAL: _SHARING,
    Verdict.RELEASES: _SHARING,
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
_FOUND_ON: Final = (
    "To know how it does without the GIL, ask again where it is off: -W error names the module that"
    " turned it on, PYTHON_GIL=0 keeps it off."
)


def headline(
    ruling: Ruling,
    *,
    held: Estimate | None,
    longest_hold_ns: int | None,
    threads: Estimate | None,
    free_threaded: bool,
    gil_reenabled: bool | None,
    gil_found_on: bool,
) -> str:
    """Return the verdict as a sentence. `free_threaded`: there is no GIL, or it is off. `threads`
    is the speedup of two. `gil_found_on`: something imported before the target turned the GIL on.
    """
    slow = _slow(threads)
    said = (_SAID_WITHOUT_GIL if free_threaded else _SAID)[ruling.verdict].format(
        share="an unknown share" if held is None else percent(held.value),
        at_once=""
        if longest_hold_ns is None
        else f" (up to {durations.format(longest_hold_ns)} at once)",
        reason=ruling.reason,
        beside="threads run it side by side" if slow is None else f"two threads are {slow}",
        yet="" if slow is None else f", yet two threads are {slow}",
    )
    if gil_reenabled:
        return f"It turned the GIL on for the whole process! {said}"
    return (
        f"The GIL was on already, turned on by an earlier import! {said}" if gil_found_on else said
    )


def advice(
    ruling: Ruling,
    *,
    call_ns: float | None,
    threads: Estimate | None,
    free_threaded: bool,
    gil_reenabled: bool | None,
    gil_found_on: bool,
    threads_failed: str | None,
) -> str:
    """Return what to do about the verdict, in a sentence. `threads_failed` is why two threads at
    once did not work, where they did not; the rest as in `headline`.
    """
    if gil_reenabled or gil_found_on:
        return _REENABLED if gil_reenabled else _FOUND_ON
    if threads_failed is not None and ruling.verdict in {Verdict.RELEASES, Verdict.PARTIAL}:
        return f"Give each thread an object of its own: two at once failed ({threads_failed})."
    if ruling.verdict is Verdict.RELEASES_BUT_SERIAL and "worker threads" in str(ruling.reason):
        return _OWN_THREADS
    return _of_verdict(
        ruling.verdict, call_ns=call_ns, slow=_slow(threads), free_threaded=free_threaded
    )


def _of_verdict(
    verdict: Verdict, *, call_ns: float | None, slow: str | None, free_threaded: bool
) -> str:
    no_faster = _NO_FASTER_ADVICE_WITHOUT_GIL if free_threaded else _NO_FASTER_ADVICE
    if slow is not None and verdict in no_faster:
        return no_faster[verdict].format(slow=slow)
    if free_threaded:
        return _ADVICE_WITHOUT_GIL[verdict]
    if verdict is Verdict.HOLDS and call_ns is not None and call_ns < _SHORT_NS:
        return _TOO_SHORT
    return _ADVICE[verdict]


def _slow(threads: Estimate | None) -> str | None:
    """Return what two threads are where they were seen to be no faster than one, else null."""
    if threads is None or threads.high >= _NO_FASTER:
        return None
    return f"no faster than one here ({threads.value:.2f} times its work)"
