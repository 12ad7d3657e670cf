"""Threads of the C++ runtime that never touch Python: `native`, the hardware's ceiling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gilbench import workloads
from gilbench._native import crew
from gilbench.backends.backend import WorkerFailedError
from gilbench.model import Reading
from gilbench.workloads.workload import MOST_BYTES_KEPT

if TYPE_CHECKING:
    from gilbench._native.crew import StatesCapsule
    from gilbench.worker import Order

__all__ = ["NATIVE", "NativeBackend"]


class NativeCrew:
    """Native threads made for each sample, before its gate; their kernels' states are kept."""

    def __init__(self) -> None:
        self._states: dict[str, StatesCapsule] = {}

    def run(self, order: Order) -> list[Reading]:
        """Return a reading per native thread. Raises WorkerFailedError."""
        try:
            rows = crew.run(
                self._states_for(order),
                order.units_per_call,
                order.grain_ns,
                order.window_ns or 0,
                order.calls or 0,
                order.workers,
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
        """Let go of the states: the threads ended with their sample."""
        self._states.clear()

    def _states_for(self, order: Order) -> StatesCapsule:
        states = self._states.get(order.workload)
        if states is None:
            twin = workloads.find(order.workload).native_twin()
            states = crew.create(twin.kernel, twin.bytes)
            if twin.bytes * order.workers <= MOST_BYTES_KEPT:
                self._states[order.workload] = states
        return states


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
