"""The request probe: a thread that asks for the GIL now and then, and how long it waits.

It works everywhere. It tells how long a newcomer is shut out; how much of a call holds, it tells
coarsely.
"""

from __future__ import annotations

import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gilbench._native import caller, probe
from gilbench._native import progress as native_progress
from gilbench._native.clock import now_ns
from gilbench.machine.interpreter import gil_enabled
from gilbench.machine.run_queue import run_queue_ns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gilbench._native.progress import ProgressCapsule

__all__ = ["Asked", "Requests", "ask_during"]

_MOST_REQUESTS: Final = 2**16
# Once the thread runs, its first request follows within microseconds.
_SECONDS_TO_BEGIN: Final = 0.001


@dataclass(frozen=True, kw_only=True)
class Requests:
    """The requests of one watch, and when the calls began and ended.

    Of each request: when it asked, when it got what it asked for, how far the call that was running
    had come by then, by its thread's CPU time, and which call that was, counted from 0; both -1
    where none was, or nothing is told of it.
    `queued_ns` is how long the thread that asks stood ready to run while the system ran others, 0
    where it does not tell. Times in nanoseconds.
    """

    calls: int
    longest_call_ns: int
    began_ns: int
    ended_ns: int
    queued_ns: int
    waits: tuple[Asked, ...]


Asked = tuple[int, int, int, int]


def ask_during(
    function: Callable[[], object],
    *,
    calls: int,
    span_ns: int,
    pause_ns: int,
    switch_interval_s: float | None,
    seed: int,
    progress: ProgressCapsule | None = None,
) -> Requests:
    """Return the requests made while `function` was called without a pause.

    `pause_ns` lies between two requests, about; `switch_interval_s` is set for the time, null
    leaves it. Calls that tell their `progress` are asked for it. On a free-threaded build whose GIL
    is off a request is one for a moment in which all threads stand still. Raises what `function`
    raises.
    """
    asked: list[Asked] = []
    queued_ns = 0
    bell = probe.bell()
    stopped = threading.Event()

    def ask() -> None:
        nonlocal queued_ns
        if gil_enabled():
            asked.extend(probe.ask(bell, pause_ns, seed, _MOST_REQUESTS, progress))
        else:
            asked.extend(_ask_to_stand_still(stopped, progress, pause_ns))
        # All of its life: it was made for this.
        queued_ns = run_queue_ns() or 0

    asking = threading.Thread(target=ask, daemon=True, name="gilbench probe")
    with _switch_interval(switch_interval_s):
        asking.start()
        try:
            time.sleep(_SECONDS_TO_BEGIN)
            # By its own stamps: around it this thread may wait for the GIL itself.
            made, _, longest_ns, began_ns, ended_ns = caller.repeat(function, None, calls, span_ns)
        finally:
            stopped.set()
            probe.ring(bell)
            asking.join()
    return Requests(
        calls=made,
        longest_call_ns=longest_ns,
        began_ns=began_ns,
        ended_ns=ended_ns,
        queued_ns=queued_ns,
        waits=tuple(asked),
    )


def _ask_to_stand_still(
    stopped: threading.Event, progress: ProgressCapsule | None, pause_ns: int
) -> list[Asked]:
    """Return the requests for a moment in which no thread is attached but this one.

    To list the frames of all threads is the public request for one.
    """
    asked: list[Asked] = []
    while not stopped.is_set() and len(asked) < _MOST_REQUESTS:
        if pause_ns:
            time.sleep(pause_ns / 1e9)
        asked_ns = now_ns()
        sys._current_frames()  # noqa: SLF001 - documented, by this name
        got_ns = now_ns()
        # By now all go on again: for some microseconds.
        come, call = (-1, -1) if progress is None else native_progress.come(progress)
        asked.append((asked_ns, got_ns, come, call))
    return asked


@contextmanager
def _switch_interval(seconds: float | None) -> Iterator[None]:
    before = sys.getswitchinterval()
    if seconds is not None:
        sys.setswitchinterval(seconds)
    try:
        yield
    finally:
        # Also what the function itself may have set.
        sys.setswitchinterval(before)
