"""Work of a known held share and length, which takes as long as whatever slows it lets it."""

from __future__ import annotations

import mmap
import time
from functools import cache, partial
from typing import TYPE_CHECKING

from gilbench._native import gate, meter, spin, work

if TYPE_CHECKING:
    from collections.abc import Callable


def fixed_work(grain_ns: int, share: float) -> Callable[[], object]:
    """Return a function that holds for `share` of a fixed number of units and releases for the
    rest: `grain_ns` of work. To be made and called by the same thread.
    """
    place = gate.on(mmap.mmap(-1, max(mmap.PAGESIZE, gate.size())))
    gate.reset(place, 1, 1)
    # Its stamps are not read: it is there because the kernel's calls ask for one.
    stamps = meter.create(place, 0, 1)
    meter.start(stamps, 1_000_000_000)
    state = work.create(spin.kernel(), 8)
    units = max(1, round(grain_ns / ns_per_unit()))
    held = round(units * share)
    return partial(work.mix, state, stamps, held, units - held)


@cache
def ns_per_unit() -> float:
    """How long one unit of `spin` takes, in nanoseconds: the best of several tries."""
    state = work.create(spin.kernel(), 8)
    units, best = 1_000_000, float("inf")
    for _ in range(9):
        began_ns = time.perf_counter_ns()
        work.run(state, units)
        best = min(best, (time.perf_counter_ns() - began_ns) / units)
    return best
