"""`pool`: the threads of a `concurrent.futures` pool, kept from sample to sample."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from gilbench.plugin import (
    Order,
    Reading,
    WorkerFailedError,
    abort_gate,
    answer,
    gather,
    private_gate,
    reset_gate,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


class PoolCrew:
    """A pool of as many threads as the largest sample so far needed."""

    def __init__(self) -> None:
        self._gate = private_gate()
        self._pool: ThreadPoolExecutor | None = None
        self._threads = 0

    def run(self, order: Order) -> Sequence[Reading]:
        """Return a reading per thread. Raises WorkerFailedError."""
        if self._pool is None or self._threads < order.workers:
            self.close()
            self._pool, self._threads = ThreadPoolExecutor(order.workers), order.workers
        reset_gate(self._gate, order.workers, order.cores)
        # Each waits at the gate until all have come, so that no thread takes two of them.
        work = partial(answer, order, entrance=self._gate)
        try:
            asked = [self._pool.submit(work, worker) for worker in range(order.workers)]
        except RuntimeError as error:
            # Those that were asked already must not wait for one that will never come.
            abort_gate(self._gate)
            self.close()
            raise WorkerFailedError(f"the system refused a thread: {error}") from error
        return gather([one.result() for one in asked])

    def close(self) -> None:
        """End all threads."""
        if self._pool is not None:
            self._pool.shutdown()
        self._pool, self._threads = None, 0


@dataclass(frozen=True, kw_only=True)
class PoolBackend:
    """Threads of one interpreter that are made once."""

    name: str = "pool"
    summary: str = "threads of a pool, kept from sample to sample"
    shares_the_gil: bool = True

    def unavailable(self) -> str | None:
        """Return null: it runs everywhere."""
        return None

    def crew(self) -> PoolCrew:
        """Return a crew without threads."""
        return PoolCrew()


POOL = PoolBackend()
