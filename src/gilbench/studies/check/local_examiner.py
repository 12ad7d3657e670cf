"""The process that asks carries out the passes of a check itself."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from gilbench import machine
from gilbench.backends.serving import tell
from gilbench.errors import GilbenchError, InputError
from gilbench.host.examination import Examination
from gilbench.host.protocol import SampleReply
from gilbench.machine.run_queue import run_queue_ns
from gilbench.model import Reading
from gilbench.studies.check.examiner import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gilbench.evidence import Observation, ShutOut, Timing
    from gilbench.host.protocol import (
        ObserveRequest,
        SampleRequest,
        ShutOutRequest,
        TimeRequest,
    )

__all__ = ["LocalExaminer"]


class LocalExaminer:
    """Calls the target in this process, so that it needs no name.

    What is given up: a target that crashes, exits or hangs does so to the caller; processes cannot
    be compared; and threads of the caller that hold the GIL disturb the instruments, which the
    controls show.
    """

    def __init__(self, function: Callable[[], object] | None) -> None:
        """Call `function`; where it is null, what the requests name."""
        self._examination = Examination(function)

    def time(self, request: TimeRequest) -> Timing:
        """Return what calls cost with nobody watching."""
        with _failing_as_input():
            return self._examination.time(request)

    def observe(self, request: ObserveRequest) -> Observation:
        """Return what an instrument saw."""
        with _failing_as_input():
            return self._examination.observe(request)

    def shut_out(self, request: ShutOutRequest) -> ShutOut:
        """Return how long a newcomer was shut out by a batch."""
        with _failing_as_input():
            return self._examination.shut_out(request)

    def sample(self, request: SampleRequest) -> SampleReply:
        """Return the readings of workers. Raises UnavailableError for what is not a thread."""
        if request.backend not in {"serial", "threads"}:
            raise UnavailableError("processes cannot call a function of this very process")
        return _race(self._examination.target(request.order.workload), request)

    def close(self) -> None:
        """Do nothing: nothing was started."""


@contextmanager
def _failing_as_input() -> Iterator[None]:
    """Raise InputError for what the target raises, as a host would tell it."""
    try:
        yield
    except GilbenchError:
        raise
    except (Exception, SystemExit) as error:
        raise InputError(f"the target raised {tell(error)}") from error


def _race(function: Callable[[], object], request: SampleRequest) -> SampleReply:
    """Return the readings of threads that each make the calls that were ordered.

    All times count from one start: a thread that is shut out until another is done waited.
    """
    from gilbench._native import caller

    order = request.order
    wanted = (order.calls or 1) * order.units_per_call
    began_ns: list[int] = []
    start = threading.Barrier(order.workers, action=lambda: began_ns.append(time.perf_counter_ns()))
    readings: dict[int, Reading] = {}
    failures: list[BaseException] = []

    def work(worker: int) -> None:
        try:
            start.wait()
            cpu_ns, queued_ns = time.thread_time_ns(), run_queue_ns()
            calls, *_ = caller.repeat(function, None, wanted, 0)
            wall_ns = time.perf_counter_ns() - began_ns[0]
            waited_ns = run_queue_ns()
            readings[worker] = Reading(
                worker=worker,
                units=calls,
                calls=calls,
                start_skew_ns=0,
                wall_ns=wall_ns,
                cpu_ns=time.thread_time_ns() - cpu_ns,
                run_queue_ns=None
                if queued_ns is None or waited_ns is None
                else waited_ns - queued_ns,
                gil_wait_ns=None,
                gil_wait_bound=False,
                checksum=calls,
            )
        except BaseException as error:  # noqa: BLE001 - told to who asked, below
            failures.append(error)

    threads: list[threading.Thread] = []
    try:
        for worker in range(order.workers):
            thread = threading.Thread(target=work, args=(worker,))
            thread.start()
            threads.append(thread)
    except RuntimeError as error:
        # The system has no more of them: the others must not wait for it.
        failures.append(error)
        start.abort()
    for thread in threads:
        thread.join()
    if failures:
        raise UnavailableError(f"two threads at a time: {failures[0]!r}") from failures[0]
    return SampleReply(
        readings=tuple(readings[worker] for worker in range(order.workers)),
        steal_ticks=None,
        gil_enabled=machine.gil_enabled(),
    )
