"""Records of a check as they would come, with what a test cares about changed; and who carries out
its passes, with a truth that a test scripts and a clock that is a number.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

import pytest

from environments import make_environment
from gilbench.errors import InputError
from gilbench.evidence import LOCATABLE_NS, Block, Instrument, Observation, ShutOut, Subject, Timing
from gilbench.host.protocol import (
    ObserveRequest,
    SampleReply,
    SampleRequest,
    ShutOutRequest,
    TimeRequest,
)
from gilbench.model import Case, Environment, Mode, Sample
from gilbench.results import CheckRecord
from gilbench.studies.check.course import Course, Effort
from gilbench.studies.check.examiner import UnavailableError
from gilbench.workloads.statement import statement_workload
from readings import make_reading

MakeTiming = Callable[..., Timing]
MakeObservation = Callable[..., Observation]
MakeShutOut = Callable[..., ShutOut]
MakeSample = Callable[..., Sample]
Asked = TypeVar("Asked")
Request = TimeRequest | ObserveRequest | ShutOutRequest | SampleRequest

MS = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Truth:
    """What calls of a function are like. `hands_over`: others get the GIL within a call.
    `speedup` and `blocked` are of two threads; two processes do twice as much.
    """

    share: float = 1.0
    call_ns: float = 1e6
    hands_over: bool = False
    speedup: float = 1.0
    blocked: float = 0.5
    cpu_share: float = 1.0
    children_share: float = 0.0


@dataclass
class FakeExaminer:
    """Answers as the truth has it. Each pass takes as long as it would.

    What is asked for the `fails_at`th time raises InputError, the `interrupted_at`th time
    KeyboardInterrupt. `unavailable` are ways of running, with the reason. `away_in` are the
    batches of the target in which who asks shared the core of the calls.
    """

    truth: Callable[[int | None], Truth] = lambda _: Truth()
    now_ns: int = 10**9
    hold: float = 1.0
    release: float = 0.0
    gil: tuple[bool, bool] = (True, True)
    unavailable: dict[str, str] = field(default_factory=dict)
    away_in: frozenset[int] = frozenset()
    fails_at: int = 0
    interrupted_at: int = 0
    asked: list[Request] = field(default_factory=list)
    closings: int = 0

    def clock(self) -> int:
        return self.now_ns

    def time(self, request: TimeRequest) -> Timing:
        self._note(request)
        truth = self.truth(request.size)
        calls = max(1, int(request.span_ns / truth.call_ns))
        self.now_ns += round(calls * truth.call_ns)
        return Timing(
            size=request.size,
            calls=calls,
            call_ns=truth.call_ns,
            longest_ns=round(truth.call_ns),
            cpu_share=truth.cpu_share,
            children_share=truth.children_share,
            gil_before=self.gil[0],
            gil_after=self.gil[1],
        )

    def observe(self, request: ObserveRequest) -> Observation:
        self._note(request)
        call_ns = self._call_ns(request)
        calls, inside_ns = self._made(request, call_ns)
        share = {
            Subject.HOLD: self.hold,
            Subject.RELEASE: self.release,
            Subject.TARGET: self.truth(request.size).share,
        }[request.subject]
        samples = 64 * max(1, inside_ns // (10 * MS))
        block = Block(calls=1, samples=64, held=round(64 * share), detaches=int(share < 1))
        return Observation(
            size=request.size,
            round=request.round,
            subject=request.subject,
            instrument=Instrument.SAMPLER,
            calls=calls,
            inside_ns=inside_ns,
            blocks=(block,) * (samples // 64),
            asked=0,
            kept_waiting=0,
        )

    def shut_out(self, request: ShutOutRequest) -> ShutOut:
        self._note(request)
        call_ns = self._call_ns(request)
        calls, batch_ns = self._made(request, call_ns)
        hands_over = request.subject is Subject.PYTHON or (
            request.subject is Subject.TARGET and self.truth(request.size).hands_over
        )
        wait_ns = 5_000 if hands_over else batch_ns
        return ShutOut(
            size=request.size,
            round=request.round,
            subject=request.subject,
            calls=calls,
            batch_ns=batch_ns,
            longest_call_ns=round(call_ns),
            waits=100 if hands_over else 1,
            granted=99 if hands_over else 0,
            typical_wait_ns=wait_ns,
            longest_wait_ns=wait_ns,
            queued_ns=batch_ns
            * (request.subject is Subject.TARGET and request.round in self.away_in),
            let_in=() if call_ns < LOCATABLE_NS else (5 * hands_over,) * 20,
        )

    def sample(self, request: SampleRequest) -> SampleReply:
        self._note(request)
        if request.backend in self.unavailable:
            raise UnavailableError(self.unavailable[request.backend])
        order = request.order
        workload = statement_workload(order.workload)
        truth = self.truth(None if workload is None else workload.n)
        together = request.backend == "threads"
        pace = truth.speedup / 2 if together else 1.0
        units = order.units_per_call * (order.calls or 1)
        wall_ns = order.window_ns or round(units * truth.call_ns / pace)
        self.now_ns += wall_ns
        blocked = truth.blocked if together else 0.0
        reading = make_reading(
            units=pace * wall_ns / truth.call_ns,
            wall_ns=wall_ns,
            cpu_ns=round(wall_ns * (1 - blocked)),
            run_queue_ns=0,
        )
        readings = tuple(replace(reading, worker=worker) for worker in range(order.workers))
        return SampleReply(readings=readings, steal_ticks=0, gil_enabled=self.gil[1])

    def close(self) -> None:
        self.closings += 1

    def of(self, kind: type[Request], subject: Subject | None = None) -> list[Request]:
        """Return the requests of a kind, and those alone that are about `subject`."""
        return [
            each
            for each in self.asked
            if isinstance(each, kind)
            and (subject is None or getattr(each, "subject", 0) is subject)
        ]

    def _note(self, request: Request) -> None:
        assert self.closings == 0, "who is closed was asked"
        self.asked.append(request)
        if len(self.asked) == self.fails_at:
            raise InputError("the target raised LookupError: not today")
        if len(self.asked) == self.interrupted_at:
            raise KeyboardInterrupt

    def _call_ns(self, request: ObserveRequest | ShutOutRequest) -> float:
        if request.subject is Subject.TARGET:
            return self.truth(request.size).call_ns
        return request.call_ns

    def _made(self, request: ObserveRequest | ShutOutRequest, call_ns: float) -> tuple[int, int]:
        calls = request.calls or max(1, int(request.span_ns / call_ns))
        self.now_ns += round(calls * call_ns)
        return calls, max(1, round(calls * call_ns))


@pytest.fixture
def examiner() -> FakeExaminer:
    return FakeExaminer()


@pytest.fixture
def environment() -> Environment:
    """A quiet machine of two cores."""
    return make_environment()


@pytest.fixture
def timing() -> MakeTiming:
    def make(**changed: object) -> Timing:
        fields: dict[str, object] = {
            "size": None,
            "calls": 10,
            "call_ns": 1e6,
            "longest_ns": 1_100_000,
            "cpu_share": 1.0,
            "gil_before": True,
            "gil_after": True,
        }
        return Timing(**{**fields, **changed})  # type: ignore[arg-type]

    return make


@pytest.fixture
def observation() -> MakeObservation:
    """Make an observation in which a share of 20 blocks of 100 samples each was found holding."""

    def make(
        subject: Subject = Subject.TARGET, share: float = 0.5, **changed: object
    ) -> Observation:
        block = Block(calls=2, samples=100, held=round(100 * share), detaches=4)
        fields: dict[str, object] = {
            "size": None,
            "round": 0,
            "subject": subject,
            "instrument": Instrument.SAMPLER,
            "calls": 40,
            "inside_ns": 40_000_000,
            "blocks": (block,) * 20,
            "asked": 0,
            "kept_waiting": 0,
        }
        return Observation(**{**fields, **changed})  # type: ignore[arg-type]

    return make


@pytest.fixture
def shut_out() -> MakeShutOut:
    """Make a batch of 30 ms in which the typical wait was `typical_ns`: where that is all of it,
    nobody was let in.
    """

    def make(subject: Subject, typical_ns: int, **changed: object) -> ShutOut:
        fields: dict[str, object] = {
            "size": None,
            "round": 0,
            "subject": subject,
            "calls": 30,
            "batch_ns": 30_000_000,
            "longest_call_ns": 1_100_000,
            "waits": 200,
            "granted": 0 if typical_ns > 25_000_000 else 199,
            "typical_wait_ns": typical_ns,
            "longest_wait_ns": typical_ns,
        }
        return ShutOut(**{**fields, **changed})  # type: ignore[arg-type]

    return make


@pytest.fixture
def sample() -> MakeSample:
    """Make a sample of 100 ms in which each worker did `units` and was blocked for a share."""

    def make(
        backend: str, workers: int, *, units: float, blocked: float = 0.0, **changed: object
    ) -> Sample:
        window_ns = 100_000_000
        readings = tuple(
            make_reading(
                worker=worker,
                units=units,
                wall_ns=window_ns,
                cpu_ns=round(window_ns * (1 - blocked)),
                run_queue_ns=0,
            )
            for worker in range(workers)
        )
        case = Case(
            workload="m:f", mode=Mode.HOLD, backend=backend, workers=workers, grain_ns=1_000_000
        )
        fields: dict[str, object] = {
            "case": case,
            "round": 0,
            "host": 0,
            "window": True,
            "elapsed_ns": window_ns,
            "readings": readings,
            "steal_ticks": 0,
            "rejection": None,
            "gil_enabled": True,
        }
        return Sample(**{**fields, **changed})  # type: ignore[arg-type]

    return make


EFFORT = Effort(
    timed_ns=60 * MS,
    watched_ns=130 * MS,
    control_ns=50 * MS,
    rounds=3,
    batches=2,
    ways=("threads", "fork"),
    scaling_rounds=6,
)
GLANCE = replace(EFFORT, rounds=1, batches=1, ways=())

Run = Callable[..., list[CheckRecord]]


@pytest.fixture
def run(examiner: FakeExaminer) -> Run:
    """Run a course, with 3 s in all, over a truth that holds for every size."""

    def go(
        truth: Truth | None = None,
        effort: Effort = EFFORT,
        *,
        budget_ns: int = 3000 * MS,
        cores: int = 2,
        seed: int = 1,
        size: int | None = None,
        whole_calls: bool = False,
    ) -> list[CheckRecord]:
        if truth is not None:
            examiner.truth = lambda _: truth
        start_ns = examiner.now_ns
        course = Course(
            examiner=examiner,
            dice=random.Random(seed),
            cores=cores,
            processors=(0, 1) if cores > 1 else (),
            left_ns=lambda: budget_ns - (examiner.now_ns - start_ns),
            whole_calls=whole_calls,
        )
        return list(course.run("m:f", size, effort))

    return go
