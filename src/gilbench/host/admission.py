"""Who is let in: workers for whom there is room beside those that a host has already."""

from __future__ import annotations

from typing import Final

from gilbench import workloads
from gilbench.backends.backend import WorkerFailedError
from gilbench.backends.serving import kept_tasks
from gilbench.host.room import descriptors_left, shortage
from gilbench.machine.memory import memory_left
from gilbench.workloads.workload import MOST_BYTES_KEPT

__all__ = ["Admission"]

# Their workers are threads of this process, which share its tasks.
_IN_PROCESS: Final = frozenset({"serial", "threads", "native"})


class Admission:
    """The workers that one host has let in, which are not asked about again."""

    def __init__(self) -> None:
        self._admitted: set[tuple[str, str, int]] = set()
        self._made: dict[str, int] = {}
        self._kept: dict[tuple[str, str], int] = {}

    def admit(self, backend: str, workload: str, workers: int) -> None:
        """Return nothing where so many workers fit; those that are kept do not count.

        Raises WorkerFailedError where they do not, before the first of them is made, and InputError
        for a workload that is not known.
        """
        key = (backend, workload, workers)
        if key in self._admitted:
            return
        bytes_each = workloads.find(workload).bytes
        missing = shortage(
            backend,
            workers,
            bytes_each,
            made=self._made.get(backend, 0),
            working=kept_tasks(workload)
            if backend in _IN_PROCESS
            else self._kept.get((backend, workload), 0),
            memory=memory_left(),
            descriptors=descriptors_left(),
        )
        if missing is not None:
            raise WorkerFailedError(missing)
        self._admitted.add(key)
        if backend in _IN_PROCESS:  # they end with their sample
            return
        self._made[backend] = max(workers, self._made.get(backend, 0))
        if bytes_each * workers <= MOST_BYTES_KEPT:
            kept = self._kept.get((backend, workload), 0)
            self._kept[backend, workload] = max(workers, kept)
