"""Who carries out the passes of a check: a host or, on demand, this very process."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Protocol

from gilbench import durations, machine
from gilbench.backends.serving import tell
from gilbench.errors import GilbenchError, InputError
from gilbench.experiment.link import HostLostError, HostProcess
from gilbench.host.examination import Examination
from gilbench.host.protocol import (
    FailedReply,
    ObservedReply,
    SampleReply,
    ShutOutReply,
    TimedReply,
)
from gilbench.machine.run_queue import run_queue_ns
from gilbench.model import Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gilbench.evidence import Observation, ShutOut, Timing
    from gilbench.experiment.link import Host
    from gilbench.host.protocol import (
        Message,
        ObserveRequest,
        SampleRequest,
        ShutOutRequest,
        TimeRequest,
    )

__all__ = ["Examiner", "HostExaminer", "LocalExaminer", "UnavailableError"]

_SECONDS_TO_START_WORKERS: Final = 20.0
# What is no call of the target: its import and setup, and the start of an instrument.
_SECONDS_TO_SET_UP: Final = 5.0
# As `timing.timed` makes them: slices of the span in all, three of which the last call overshoots,
# by no more than the span as a rule: where the first call takes longer there are no slices.
_SPANS_TO_TIME: Final = 4


class UnavailableError(Exception):
    """A way of running is not to be had here; the text says why."""


class Examiner(Protocol):
    """What the study asks. Each may raise InputError, where the target cannot be called."""

    def time(self, request: TimeRequest) -> Timing:
        """Return what calls cost with nobody watching."""

    def observe(self, request: ObserveRequest) -> Observation:
        """Return what an instrument saw."""

    def shut_out(self, request: ShutOutRequest) -> ShutOut:
        """Return how long a newcomer was shut out by a batch."""

    def sample(self, request: SampleRequest) -> SampleReply:
        """Return the readings of workers. Raises UnavailableError where they cannot run."""

    def close(self) -> None:
        """End what was started. May be called again."""


class HostExaminer:
    """A host that calls the target: what it breaks is the host."""

    def __init__(self, timeout_ns: int, start_host: Callable[[], Host] = HostProcess) -> None:
        """Start the host. `timeout_ns` bounds a single call. Raises HostError."""
        self._timeout_s = timeout_ns / 1e9
        self._start_host = start_host
        self._host = start_host()
        # Of what was timed last, which is what workers then call.
        self._call_s = 0.0

    def time(self, request: TimeRequest) -> Timing:
        """Return what calls cost with nobody watching."""
        calls_s = self._timeout_s + _SPANS_TO_TIME * request.span_ns / 1e9
        setup = f", or its import and setup not within {_SECONDS_TO_SET_UP:.0f} s"
        reply = self._ask(request, calls_s + _SECONDS_TO_SET_UP, setup)
        assert isinstance(reply, TimedReply)
        self._call_s = reply.timing.call_ns / 1e9
        return reply.timing

    def observe(self, request: ObserveRequest) -> Observation:
        """Return what an instrument saw."""
        reply = self._ask(request, self._patience_s(request.call_ns, request.span_ns))
        assert isinstance(reply, ObservedReply)
        return reply.observation

    def shut_out(self, request: ShutOutRequest) -> ShutOut:
        """Return how long a newcomer was shut out by a batch."""
        reply = self._ask(request, self._patience_s(request.call_ns, request.span_ns))
        assert isinstance(reply, ShutOutReply)
        return reply.shut_out

    def sample(self, request: SampleRequest) -> SampleReply:
        """Return the readings of workers. Raises UnavailableError where they cannot run."""
        # Behind one lock all wait for each other's call that warms up, and for the one that counts.
        calls_s = 2 * request.order.workers * self._call_s
        timeout_s = self._timeout_s + _SECONDS_TO_START_WORKERS + calls_s
        try:
            reply = self._host.ask(request, min(timeout_s, threading.TIMEOUT_MAX))
        except HostLostError as error:
            # One call at a time works: there may be other sizes to look at.
            self._host.close()
            self._host = self._start_host()
            raise UnavailableError(str(error)) from error
        if isinstance(reply, SampleReply):
            return reply
        raise UnavailableError(reply.reason if isinstance(reply, FailedReply) else "no sample")

    def close(self) -> None:
        """End the host."""
        self._host.close()

    def _patience_s(self, call_ns: float, span_ns: int) -> float:
        # Who asks all the time may make a call that hands over take many times as long.
        return self._timeout_s + (20 * call_ns + span_ns) / 1e9 + _SECONDS_TO_SET_UP

    def _ask(self, request: Message, timeout_s: float, setup: str = "") -> Message:
        try:
            reply = self._host.ask(request, min(timeout_s, threading.TIMEOUT_MAX))
        except HostLostError as error:
            raise InputError(self._lost(str(error), setup)) from error
        if isinstance(reply, FailedReply):
            said = reply.reason if reply.kind == "input" else f"the target raised {reply.reason}"
            raise InputError(said)
        return reply

    def _lost(self, how: str, setup: str) -> str:
        if "sign of life" in how:
            limit = durations.format(self._timeout_s * 1e9)
            return f"a call of the target did not return within {limit}{setup}; see --timeout"
        return f"the target ended its process: {how}"


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
