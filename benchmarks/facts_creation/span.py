"""How long each turn lasts, of a trial and of a bare loop alike."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from gilbench.trials.creation.cycle import LEAST, MOST

if TYPE_CHECKING:
    from collections.abc import Callable

SPAN_NS = 25_000_000


def until_over(step: Callable[[], None]) -> None:
    """Do it for as long and as often as the trials do."""
    ends = time.perf_counter_ns() + SPAN_NS
    done = 0
    while done < MOST and (done < LEAST or time.perf_counter_ns() < ends):
        step()
        done += 1
