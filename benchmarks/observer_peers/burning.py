"""What the process that is watched does: calls, one after the other."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gilbench.machine.run_queue import run_queue_ns

if TYPE_CHECKING:
    from collections.abc import Callable

MARK_NS = 20_000_000


@dataclass(frozen=True, kw_only=True)
class Burnt:
    """How many calls were made by when, and the share of the run queue."""

    marks: list[tuple[int, int]]
    queued: float


def burn_for(call: Callable[[], object], seconds: float, stop: str | None) -> Burnt:
    """Call for so long, or until the file `stop` is there."""
    queued_before, began_ns = run_queue_ns() or 0, time.perf_counter_ns()
    ends_ns = began_ns + round(seconds * 1e9)
    marks, calls, next_ns = [(began_ns, 0)], 0, began_ns + MARK_NS
    while True:
        call()
        calls += 1
        now_ns = time.perf_counter_ns()
        if now_ns < next_ns and now_ns < ends_ns:
            continue
        marks.append((now_ns, calls))
        next_ns = now_ns + MARK_NS
        if now_ns >= ends_ns or (stop is not None and os.path.exists(stop)):  # noqa: PTH110 - light
            queued_ns = (run_queue_ns() or 0) - queued_before
            return Burnt(marks=marks, queued=queued_ns / (now_ns - began_ns))
