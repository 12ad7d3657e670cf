"""A task that goes to a warm pool of one worker and comes back."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from span import SPAN_NS, until_over

from gilbench.trials.creation.pool import make_pool, pool

if TYPE_CHECKING:
    from gilbench.comparison import Way

FIGURE = "task in a pool"


def tried(way: Way) -> dict[str, list[float]]:
    """Return the nanoseconds that a trial measures, by figure."""
    return {FIGURE: [*pool(way, SPAN_NS).figures["task_ns"]]}


def bare(way: Way) -> dict[str, list[float]]:
    """Return the same of a bare loop, after one that does not count."""
    times: list[float] = []
    with make_pool(way) as executor:
        executor.submit(os.getpid).result()

        def step() -> None:
            began = time.perf_counter_ns()
            executor.submit(os.getpid).result()
            times.append(time.perf_counter_ns() - began)

        until_over(step)
    return {FIGURE: times}
