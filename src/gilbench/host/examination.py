"""What a host does with the target of a check: it calls it, on its main thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gilbench import workloads
from gilbench.errors import InputError
from gilbench.evidence import Subject
from gilbench.host.protocol import (
    ObservedReply,
    ObserveRequest,
    ShutOutReply,
    ShutOutRequest,
    TimedReply,
    TimeRequest,
)
from gilbench.machine.interpreter import gil_enabled
from gilbench.observer import passes, timing
from gilbench.observer.controls import control
from gilbench.workloads.statement import StatementWorkload
from gilbench.workloads.user import FunctionWorkload

if TYPE_CHECKING:
    from collections.abc import Callable

    from gilbench.evidence import Observation, ShutOut, Timing
    from gilbench.host.protocol import Message

__all__ = ["Examination"]


class Examination:
    """The passes over the function that a request names, or over one and the same."""

    def __init__(self, function: Callable[[], object] | None = None) -> None:
        """Call the function that a request names or, in its place, always `function`."""
        self._function = function
        self._gil_before = gil_enabled()

    def answer(self, request: TimeRequest | ObserveRequest | ShutOutRequest) -> Message:
        """Return the reply to one request. Raises what the target raises."""
        match request:
            case TimeRequest():
                return TimedReply(timing=self.time(request))
            case ObserveRequest():
                return ObservedReply(observation=self.observe(request))
            case ShutOutRequest():
                return ShutOutReply(shut_out=self.shut_out(request))

    def time(self, request: TimeRequest) -> Timing:
        """Return what calls cost with nobody watching. Raises what the target raises."""
        return timing.timed(
            self.target(request.workload),
            size=request.size,
            span_ns=request.span_ns,
            gil_before=self._gil_before,
        )

    def observe(self, request: ObserveRequest) -> Observation:
        """Return what an instrument saw of calls. Raises what the target raises."""
        return passes.observed(
            self._subject(request.workload, request.subject, request.call_ns),
            size=request.size,
            round=request.round,
            subject=request.subject,
            calls=request.calls,
            span_ns=request.span_ns,
            sparing=request.sparing,
            seed=request.seed,
        )

    def shut_out(self, request: ShutOutRequest) -> ShutOut:
        """Return how long a newcomer was shut out by a batch. Raises what the target raises."""
        return passes.shut_out(
            self._subject(request.workload, request.subject, request.call_ns),
            size=request.size,
            round=request.round,
            subject=request.subject,
            call_ns=request.call_ns,
            calls=request.calls,
            span_ns=request.span_ns,
            seed=request.seed,
        )

    def _subject(self, workload: str, subject: Subject, call_ns: float) -> Callable[[], object]:
        if subject is Subject.TARGET:
            return self.target(workload)
        return control(subject, call_ns)

    def target(self, workload: str) -> Callable[[], object]:
        """Return the function that is called. Raises as finding it does."""
        return _callable(workload) if self._function is None else self._function


def _callable(text: str) -> Callable[[], object]:
    workload = workloads.find(text)
    if not isinstance(workload, FunctionWorkload | StatementWorkload):
        raise InputError(f"{text!r} is no function and no statement, so nothing to check")
    return workload.function()
