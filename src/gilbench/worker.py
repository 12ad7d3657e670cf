"""The code inside each worker, whichever way it runs: from the gate to its reading.

Standard library and native modules only: it is imported by subinterpreters and by processes that
must start fast.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from gilbench._native import meter
from gilbench.model import Mode, Reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from gilbench._native.gate import GateCapsule
    from gilbench._native.meter import MeterCapsule
    from gilbench._native.work import WorkCapsule

__all__ = ["Order", "Task", "perform"]


@dataclass(frozen=True, kw_only=True)
class Order:
    """What every worker of a sample is to do: a description that can be pickled, no live object.

    With `window_ns` the workers work until the window's end; without, each makes `calls` calls.
    `timeout_ns` bounds the wait at the gate. With `stay_ns`, a lone worker visits `processors` in
    turn and stays on each for so long; without, each worker is kept on one of them. Where there are
    none, the scheduler decides.
    """

    workload: str
    mode: Mode
    workers: int
    cores: int
    grain_ns: int
    units_per_call: int
    window_ns: int | None
    calls: int | None
    timeout_ns: int
    processors: tuple[int, ...] = ()
    stay_ns: int = 0

    def stops(self, worker: int) -> tuple[int, ...]:
        """Return the processors that worker number `worker` visits, or the one it is kept on."""
        if self.stay_ns or not self.processors:
            return self.processors
        return (self.processors[worker % len(self.processors)],)


class Task(Protocol):
    """A workload at work in one worker, from sample to sample.

    A unit is the smallest piece of work that it counts, the same in every mode. Units must cost
    alike: how many make a grain is found out once.
    """

    @property
    def stamped(self) -> bool:
        """Whether each call stamps the clock around its work, so that waits to attach show.

        True for native kernels only; where it is false, the GIL wait is inferred.
        """

    @property
    def native(self) -> WorkCapsule | None:
        """The kernel at work, which native threads can advance too; null for Python's work."""

    def run(self, units: int) -> None:
        """Do `units` of work, unmeasured: for warming up and calibrating."""

    def caller(self, mode: Mode) -> Callable[[MeterCapsule, int], bool]:
        """Return what does up to so many units of work on a meter, in this mode.

        It returns whether the window goes on. It is called once per grain, for as long as that is
        so: for Python's work it does its units, and returns `meter.lap(meter, units)`.
        """

    def checksum(self) -> int:
        """Return what all work on this task came to, modulo 2**64.

        It makes work observable, so that none of it can be left out.
        """


def perform(task: Task, order: Order, worker: int, gate: GateCapsule) -> Reading:
    """Return what worker number `worker` read while it carried out the order.

    Raises InterruptedError when the sample was called off, TimeoutError when the other workers
    did not come to the gate, and whatever the task raises.
    """
    readings = meter.create(
        gate, order.window_ns or 0, order.grain_ns, order.stops(worker), order.stay_ns
    )
    call, units = task.caller(order.mode), order.units_per_call
    try:
        meter.start(readings, order.timeout_ns)
        if order.window_ns is None:
            for _ in range(order.calls or 1):
                # It goes on unless the sample is called off.
                if not call(readings, units):
                    break
        else:
            while call(readings, units):
                pass
    except BaseException:
        # It also gives the thread back to the scheduler, who may be the host's own.
        with suppress(InterruptedError):
            meter.finish(readings)
        raise
    done, calls, skew, wall, cpu, queue, gil_wait, bound, longest_wait = meter.finish(readings)
    return Reading(
        worker=worker,
        units=done,
        calls=calls,
        start_skew_ns=skew,
        wall_ns=wall,
        cpu_ns=cpu,
        run_queue_ns=queue,
        gil_wait_ns=gil_wait if task.stamped else None,
        gil_wait_bound=bound and task.stamped,
        checksum=task.checksum(),
        longest_wait_ns=longest_wait if task.stamped else None,
    )
