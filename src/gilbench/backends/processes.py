"""Workers in processes of their own, by start method; `processes` is the platform's default."""

from __future__ import annotations

import multiprocessing
import sys
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, Final

from gilbench._native import gate
from gilbench.backends.backend import WorkerFailedError
from gilbench.backends.deadline import SECONDS_TO_START, Deadline
from gilbench.backends.exit_code import describe_exit
from gilbench.backends.in_process import gather
from gilbench.backends.memory import shared_gate
from gilbench.backends.worker_process import SECONDS_TO_END, ForkedWorker, SpawnedWorker

if TYPE_CHECKING:
    from gilbench._native.gate import GateCapsule
    from gilbench.backends.worker_process import Worker
    from gilbench.backends.zygote import Zygote
    from gilbench.model import Reading
    from gilbench.worker import Order

__all__ = ["PROCESSES", "ProcessesBackend", "use_zygote"]

_zygote: Zygote | None = None


def use_zygote(zygote: Zygote | None) -> None:
    """Let `fork` workers come from this zygote: a host calls it once, at its start."""
    global _zygote
    _zygote = zygote


class ProcessesCrew:
    """Processes that are kept: starting one takes longer than a sample."""

    def __init__(self, method: str) -> None:
        self._method = method
        self._workers: list[Worker] = []
        self._gate: GateCapsule | None = None

    def run(self, order: Order) -> list[Reading]:
        """Return a reading per process. Raises WorkerFailedError."""
        if len(self._workers) < order.workers or self._gate is None:
            self.close()
            self._gate = self._open(order.workers)
        gate.reset(self._gate, order.workers, order.cores)
        answers: dict[int, dict[str, object]] = {}
        waiting: dict[Any, int] = {}
        for number, worker in enumerate(self._workers[: order.workers]):
            try:
                worker.connection.send((order, number, sys.path))
            except OSError:
                answers[number] = self._bury(number, worker)
                gate.abort(self._gate)
            else:
                waiting[worker.connection] = number
        while waiting:
            for connection in wait(list(waiting)):
                number = waiting.pop(connection)
                try:
                    answers[number] = self._workers[number].connection.recv()
                except (EOFError, OSError):
                    answers[number] = self._bury(number, self._workers[number])
                    gate.abort(self._gate)
        if any("buried" in answered for answered in answers.values()):
            self.close()
        return gather([answers[number] for number in range(order.workers)])

    def close(self) -> None:
        """End all processes."""
        for worker in self._workers:
            worker.connection.close()
        deadline = Deadline(SECONDS_TO_END)
        while self._workers:
            self._workers.pop().end(deadline)
        self._gate = None

    def _open(self, workers: int) -> GateCapsule:
        """Start so many processes. Return the gate that all of them have mapped.

        Its file is gone by then: nothing is left of it, however this process ends.
        """
        deadline = Deadline(SECONDS_TO_START)
        with shared_gate() as (entrance, path):
            try:
                while len(self._workers) < workers:
                    self._workers.append(self._hire(workers))
                    deadline.check()
                self._welcome(path, deadline)
            except TimeoutError as error:
                self.close()
                raise WorkerFailedError(
                    f"not all of {workers} processes came to life: {error}"
                ) from error
            except BaseException:
                self.close()
                raise
        return entrance

    def _welcome(self, path: str, deadline: Deadline) -> None:
        """Show all workers the gate, and wait until they have mapped it.

        Raises TimeoutError, and WorkerFailedError where one is dead.
        """
        for number, worker in enumerate(self._workers):
            try:
                worker.connection.send(path)
            except OSError as error:
                raise self._lost(number, worker) from error
        for number, worker in enumerate(self._workers):
            try:
                if not worker.connection.poll(deadline.left()):
                    deadline.check()
                worker.connection.recv()
            except TimeoutError:  # an OSError too
                raise
            except (EOFError, OSError) as error:
                raise self._lost(number, worker) from error

    def _hire(self, workers: int) -> Worker:
        """Start one of so many. Raises WorkerFailedError where the system refuses it."""
        try:
            return self._start()
        except OSError as error:
            raise WorkerFailedError(
                f"the system refused one of {workers} processes, after {len(self._workers)}: "
                f"{error}"
            ) from error

    def _start(self) -> Worker:
        if self._method != "fork":
            return SpawnedWorker(self._method)
        if _zygote is None:
            raise WorkerFailedError("this host has no zygote to fork workers from")
        return ForkedWorker(_zygote)

    def _lost(self, number: int, worker: Worker) -> WorkerFailedError:
        return WorkerFailedError(f"worker {number}: {self._bury(number, worker)['failed']}")

    @staticmethod
    def _bury(number: int, worker: Worker) -> dict[str, object]:
        return {"failed": f"its process {describe_exit(worker.exit_code())}", "buried": number}


@dataclass(frozen=True, kw_only=True)
class ProcessesBackend:
    """Processes started by one method; null is the platform's default method."""

    name: str
    summary: str
    method: str | None
    shares_the_gil: bool = False

    def unavailable(self) -> str | None:
        """Return why not here: not every platform has every start method."""
        if self.method is None or self.method in multiprocessing.get_all_start_methods():
            return None
        return f"{sys.platform} has no start method {self.method!r}"

    def crew(self) -> ProcessesCrew:
        """Return a crew without processes."""
        # The first of all methods is the platform's default, by multiprocessing's documentation.
        return ProcessesCrew(self.method or multiprocessing.get_all_start_methods()[0])


PROCESSES: Final = (
    ProcessesBackend(
        name="processes",
        summary="processes, by the platform's default start method",
        method=None,
    ),
    ProcessesBackend(
        name="fork",
        summary="processes forked from a single-threaded zygote",
        method="fork",
    ),
    ProcessesBackend(
        name="forkserver",
        summary="processes forked from multiprocessing's fork server",
        method="forkserver",
    ),
    ProcessesBackend(
        name="spawn",
        summary="processes started from nothing",
        method="spawn",
    ),
)
