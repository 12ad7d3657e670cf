"""A sample's readings, summed over its workers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gilbench.model import Sample

__all__ = ["Totals", "total"]


@dataclass(frozen=True, kw_only=True)
class Totals:
    """What all workers of one sample did. Times in nanoseconds.

    `worker_ns` is the whole that losses are shares of: workers times elapsed. In a window it is
    the sum of what the workers read, so that shares sum to 1 whichever instant of the window's end
    each of them saw; where they read none at all it is workers times elapsed there too. `late_ns`
    is the time from the gate's opening until each worker saw it: the worker was runnable, so it
    stood in the run queue, though before its own baseline was read. Null where one worker or more
    could not tell.
    """

    workers: int
    units: float
    worker_ns: int
    wall_ns: int
    late_ns: int
    cpu_ns: int | None
    run_queue_ns: int | None
    gil_wait_ns: int | None

    @property
    def running(self) -> float | None:
        """Return how many workers ran at once, on average."""
        return None if self.cpu_ns is None else self.cpu_ns * self.workers / self.worker_ns

    @property
    def queued_ns(self) -> int | None:
        """Return the time in the run queue, lateness included."""
        return None if self.run_queue_ns is None else self.run_queue_ns + self.late_ns

    @property
    def blocked_ns(self) -> int | None:
        """Return the time in which workers neither ran nor were runnable."""
        if self.cpu_ns is None or self.queued_ns is None:
            return None
        return self.wall_ns - self.cpu_ns - self.queued_ns


def total(sample: Sample) -> Totals:
    """Return the sums over the workers of `sample`."""
    readings = sample.readings
    wall_ns = sum(reading.wall_ns for reading in readings)
    return Totals(
        workers=len(readings),
        units=sum(reading.units for reading in readings),
        worker_ns=(sample.window and wall_ns) or len(readings) * sample.elapsed_ns,
        wall_ns=wall_ns,
        late_ns=sum(reading.start_skew_ns for reading in readings),
        cpu_ns=_sum(reading.cpu_ns for reading in readings),
        run_queue_ns=_sum(reading.run_queue_ns for reading in readings),
        gil_wait_ns=_sum(reading.gil_wait_ns for reading in readings),
    )


def _sum(readings: Iterable[int | None]) -> int | None:
    whole = 0
    for reading in readings:
        if reading is None:
            return None
        whole += reading
    return whole
