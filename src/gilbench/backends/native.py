"""Threads of the C++ runtime that never touch Python: `native`, the hardware's ceiling."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gilbench._native import crew
from gilbench.backends.backend import WorkerFailedError
from gilbench.backends.serving import task_of
from gilbench.model import Reading

if TYPE_CHECKING:
    from gilbench._native.work import WorkCapsule
    from gilbench.worker import Order, Task

__all__ = ["NATIVE", "NativeBackend"]


class NativeCrew:
    """Native threads made for each sample, before its gate."""

    def run(self, order: Order) -> list[Reading]:
        """Return a reading per native thread. Raises WorkerFailedError."""
        try:
            rows = crew.run(
                [_work_of(order, worker) for worker in range(order.workers)],
                order.units_per_call,
                order.grain_ns,
                order.window_ns or 0,
                order.calls or 0,
                order.cores,
                order.timeout_ns,
            )
        except (MemoryError, RuntimeError, TimeoutError) as error:
            raise WorkerFailedError(str(error)) from error
        return [
            Reading(
                worker=worker,
                units=units,
                calls=calls,
                start_skew_ns=skew,
                wall_ns=wall,
                cpu_ns=cpu,
                run_queue_ns=queue,
                gil_wait_ns=0,
                gil_wait_bound=False,
                checksum=checksum,
            )
            for worker, (units, calls, skew, wall, cpu, queue, checksum) in enumerate(rows)
        ]

    def close(self) -> None:
        """Do nothing: the threads ended with their sample."""


def _work_of(order: Order, worker: int) -> WorkCapsule:
    """Return a worker's kernel; where it is new, another thread than ours touches it first."""
    found: list[Task] = []
    thread = threading.Thread(target=lambda: found.append(task_of(order, worker)))
    thread.start()
    thread.join()
    if not found or found[0].native is None:
        raise WorkerFailedError(f"worker {worker} has no native kernel for {order.workload}")
    return found[0].native


@dataclass(frozen=True, kw_only=True)
class NativeBackend:
    """Native threads on the workload's own kernel."""

    name: str = "native"
    summary: str = "native threads without Python: the hardware's ceiling"
    shares_the_gil: bool = False

    def unavailable(self) -> str | None:
        """Return null: it runs everywhere."""
        return None

    def crew(self) -> NativeCrew:
        """Return a crew that makes its threads for each sample."""
        return NativeCrew()


NATIVE = NativeBackend()
