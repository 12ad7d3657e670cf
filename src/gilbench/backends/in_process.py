"""Workers in this process that share one interpreter: `serial` and `threads`."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gilbench._native import gate
from gilbench.backends.backend import WorkerFailedError
from gilbench.backends.memory import private_gate
from gilbench.backends.serving import answer, read_answer, tell
from gilbench.model import Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gilbench._native.gate import GateCapsule
    from gilbench.worker import Order

__all__ = ["SERIAL", "THREADS", "SerialBackend", "ThreadsBackend", "gather", "on_threads"]


def gather(answers: Sequence[Mapping[str, object]]) -> list[Reading]:
    """Return the readings of all workers. Raises the first worker's error, if there is one."""
    told = [read_answer(worker, answered) for worker, answered in enumerate(answers)]
    for outcome in told:
        if isinstance(outcome, WorkerFailedError):
            raise outcome
    readings = [outcome for outcome in told if isinstance(outcome, Reading)]
    if len(readings) < len(answers):
        raise WorkerFailedError("the sample was called off")
    return readings


def on_threads(
    workers: int, entrance: GateCapsule, labour: Callable[[int], Mapping[str, object]]
) -> list[Mapping[str, object]]:
    """Return what `labour` answers for each worker's number, each on a thread of its own.

    Raises WorkerFailedError where the system refuses a thread; then the sample is called off.
    """
    answers: list[Mapping[str, object]] = [{"called_off": ""}] * workers

    def work(worker: int) -> None:
        try:
            answers[worker] = labour(worker)
        except Exception as error:  # noqa: BLE001 - whatever keeps a worker from its work fails it
            gate.abort(entrance)
            answers[worker] = {"failed": tell(error)}

    threads: list[threading.Thread] = []
    try:
        for worker in range(workers):
            thread = threading.Thread(target=work, args=(worker,), daemon=True)
            thread.start()
            threads.append(thread)
    except BaseException as error:
        # Who waits at the gate must not wait for those that will not come.
        gate.abort(entrance)
        if not isinstance(error, RuntimeError | MemoryError):
            raise
        raise WorkerFailedError(
            f"the system refused the thread of worker {len(threads)}: "
            f"{str(error) or type(error).__name__}"
        ) from error
    finally:
        for thread in threads:
            thread.join()
    return answers


class SerialCrew:
    """The calling thread itself."""

    def __init__(self) -> None:
        self._gate = private_gate()

    def run(self, order: Order) -> list[Reading]:
        """Return the reading of the one worker. Raises WorkerFailedError."""
        gate.reset(self._gate, 1, order.cores)
        return gather([answer(order, 0, self._gate)])

    def close(self) -> None:
        """Do nothing: there is nobody to end."""


class ThreadsCrew:
    """Threads made for each sample, before its gate."""

    def __init__(self) -> None:
        self._gate = private_gate()

    def run(self, order: Order) -> list[Reading]:
        """Return a reading per thread. Raises WorkerFailedError."""
        gate.reset(self._gate, order.workers, order.cores)
        return gather(
            on_threads(order.workers, self._gate, lambda worker: answer(order, worker, self._gate))
        )

    def close(self) -> None:
        """Do nothing: the threads ended with their sample."""


@dataclass(frozen=True, kw_only=True)
class SerialBackend:
    """One worker, the host's main thread: what speedups are relative to."""

    name: str = "serial"
    summary: str = "one worker on the main thread: the base of every speedup"
    shares_the_gil: bool = False

    def unavailable(self) -> str | None:
        """Return null: it runs everywhere."""
        return None

    def crew(self) -> SerialCrew:
        """Return the crew of one."""
        return SerialCrew()


@dataclass(frozen=True, kw_only=True)
class ThreadsBackend:
    """Threads of one interpreter."""

    name: str = "threads"
    summary: str = "threads of one interpreter"
    shares_the_gil: bool = True

    def unavailable(self) -> str | None:
        """Return null: it runs everywhere."""
        return None

    def crew(self) -> ThreadsCrew:
        """Return a crew that makes its threads for each sample."""
        return ThreadsCrew()


SERIAL = SerialBackend()
THREADS = ThreadsBackend()
