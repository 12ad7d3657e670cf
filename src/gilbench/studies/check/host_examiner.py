"""A host carries out the passes of a check: what the target breaks is the host."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final

from gilbench import durations
from gilbench.errors import InputError
from gilbench.experiment.link import HostLostError, HostProcess
from gilbench.host.protocol import (
    FailedReply,
    ObservedReply,
    SampleReply,
    ShutOutReply,
    TimedReply,
)
from gilbench.studies.check.examiner import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from gilbench.evidence import Observation, ShutOut, Timing
    from gilbench.experiment.link import Host
    from gilbench.host.protocol import (
        Message,
        ObserveRequest,
        SampleRequest,
        ShutOutRequest,
        TimeRequest,
    )
    from gilbench.worker import Order

__all__ = ["HostExaminer"]

_THREADS: Final = "threads"
_SECONDS_TO_START_WORKERS: Final = 20.0
_SECONDS_TO_START_THREADS: Final = 0.5
# Where other work takes the cores, or each waits for the GIL many times in a call.
_TIMES_AS_LONG: Final = 20
# What is no call of the target: its import and setup, and the start of an instrument.
_SECONDS_TO_SET_UP: Final = 5.0
# As `timing.timed` makes them: slices of the span in all, three of which the last call overshoots,
# by no more than the span as a rule: where the first call takes longer there are no slices.
_SPANS_TO_TIME: Final = 4


class HostExaminer:
    """A host that calls the target: what it breaks is the host."""

    def __init__(self, timeout_ns: int, start_host: Callable[[], Host] = HostProcess) -> None:
        """Start the host. `timeout_ns` bounds a single call. Raises HostError."""
        self._timeout_s = timeout_ns / 1e9
        self._start_host = start_host
        self._host = start_host()
        # Of what was timed last, which is what workers then call; its setup at most, with what was
        # timed of it.
        self._call_s = 0.0
        self._set_up_s = 0.0

    def time(self, request: TimeRequest) -> Timing:
        """Return what calls cost with nobody watching."""
        calls_s = self._timeout_s + _SPANS_TO_TIME * request.span_ns / 1e9
        setup = f", or its import and setup not within {_SECONDS_TO_SET_UP:.0f} s"
        began = time.monotonic()
        reply = self._ask(request, calls_s + _SECONDS_TO_SET_UP, setup)
        self._set_up_s = time.monotonic() - began
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
        threads = request.backend == _THREADS
        timeout_s = self._patience_with_threads_s if threads else self._patience_with_workers_s
        try:
            reply = self._host.ask(request, min(timeout_s(request.order), threading.TIMEOUT_MAX))
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

    def _patience_with_workers_s(self, order: Order) -> float:
        # Behind one lock all wait for each other's call that warms up, and for the one that counts.
        calls_s = 2 * order.workers * self._call_s
        return self._timeout_s + _SECONDS_TO_START_WORKERS + calls_s

    def _patience_with_threads_s(self, order: Order) -> float:
        """Return after how long threads have blocked one another for good, since each alone worked:
        they need not be started as processes are, and take turns at worst.
        """
        call_s = order.units_per_call * self._call_s
        calls_s = _TIMES_AS_LONG * (1 + (order.calls or 1)) * call_s
        window_s = (order.window_ns or 0) / 1e9
        by_turns_s = order.workers * (self._set_up_s + calls_s)
        patience_s = _SECONDS_TO_START_THREADS + window_s + by_turns_s
        return min(patience_s, self._patience_with_workers_s(order))

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
