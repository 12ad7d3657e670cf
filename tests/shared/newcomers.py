"""Another thread that asks for the GIL while calls are made."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable

from gilbench._native import caller, probe

US = 1_000


def grants_within(call: Callable[[], object], stamps: list[int], span_ns: int) -> int | None:
    """Return how often another thread got the GIL between the first stamp and the last, which the
    calls leave in `stamps`; None if it did not ask for it in that time.
    """
    bell, answers = probe.bell(), []
    asking = threading.Thread(target=lambda: answers.extend(probe.ask(bell, 20 * US, 1, 10**5)))
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        asking.start()
        caller.repeat(call, None, 0, span_ns)
    finally:
        sys.setswitchinterval(interval)
        probe.ring(bell)
        asking.join()
    first, last = stamps[0], stamps[-1]
    stamps.clear()
    if not any(asked < last and got > first for asked, got, *_ in answers):
        return None
    return sum(first < got < last for _, got, *_ in answers)
