"""Threads of the C++ runtime that never touch Python: `native`, the hardware's ceiling."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from gilbench import workloads
from gilbench._native import crew
from gilbench.backends.backend import WorkerFailedError
from gilbench.backends.serving import task_of
from gilbench.model import Reading

if TYPE_CHECKING:
    from gilbench._native.work import WorkCapsule
    from gilbench.worker import Order

__all__ = ["NATIVE", "NativeBackend"]


class NativeCrew:
    """Native threads made for each sample, before its gate."""

    def run(self, order: Order) -> list[Reading]:
        """Return a reading per native thread. Raises WorkerFailedError."""
        try:
            rows = crew.run(
                _works_of(order),
                order.units_per_call,
                order.grain_ns,
                order.window_ns or 0,
                order.calls or 0,
                order.cores,
                order.timeout_ns,
                order.processors,
                order.stay_ns,
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
                longest_wait_ns=longest_wait,
            )
            for worker, (
                units,
                calls,
                skew,
                wall,
                cpu,
                queue,
                longest_wait,
                checksum,
            ) in enumerate(rows)
        ]

    def close(self) -> None:
        """Do nothing: the threads ended with their sample."""


def _works_of(order: Order) -> list[WorkCapsule]:
    """Return all workers' kernels; what is new is touched first by another thread than ours."""
    from concurrent.futures import ThreadPoolExecutor

    if not workloads.find(order.workload).has_native_twin:
        raise WorkerFailedError(f"{order.workload} has no native kernel")
    with ThreadPoolExecutor(1) as other_thread:
        tasks = other_thread.map(partial(task_of, order), range(order.workers))
        works = [task.native for task in tasks if task.native is not None]
    if len(works) < order.workers:
        raise WorkerFailedError(f"the task of {order.workload} has no native kernel")
    return works


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
