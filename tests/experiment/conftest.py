"""Hosts that measure nothing: they answer as a test scripts them, and their clock is a number."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from gilbench import backends
from gilbench.backends.processes import ProcessesBackend
from gilbench.experiment.conductor import Conditions
from gilbench.host.protocol import (
    CalibratedReply,
    CalibrateRequest,
    CheckRequest,
    Message,
    OkReply,
    SampleReply,
    SampleRequest,
)
from gilbench.model import Case, Mode, Plan
from readings import make_reading

if TYPE_CHECKING:
    from collections.abc import Callable

MS = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request, as a host got it."""

    host: int
    request: Message
    timeout_s: float

    @property
    def case(self) -> tuple[str, str, int] | None:
        if not isinstance(self.request, SampleRequest):
            return None
        order = self.request.order
        return (order.workload, self.request.backend, order.workers)


@dataclass
class FakeHost:
    """One of the laboratory's hosts."""

    laboratory: Laboratory
    number: int
    dismissals: int = 0
    closings: int = 0

    def ask(self, request: Message, timeout_s: float) -> Message:
        assert self.closings == 0, "a closed host was asked"
        asked = Asked(host=self.number, request=request, timeout_s=timeout_s)
        self.laboratory.asked.append(asked)
        return self.laboratory.answer(asked)

    def dismiss(self) -> None:
        self.dismissals += 1

    def close(self) -> None:
        self.closings += 1


@dataclass
class Laboratory:
    """The hosts' clock, their answers, and all that they were asked. An answer may raise."""

    now_ns: int = 10**9
    ns_per_unit: float = 1.0
    alone: bool = True
    start_ns: int = 0
    hosts: list[FakeHost] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    check: Callable[[Asked], Message] = lambda asked: OkReply()
    calibrate: Callable[[Asked], Message] | None = None
    sample: Callable[[Asked], Message] | None = None

    def clock(self) -> int:
        return self.now_ns

    def start_host(self) -> FakeHost:
        self.now_ns += self.start_ns
        self.hosts.append(FakeHost(self, len(self.hosts)))
        return self.hosts[-1]

    def answer(self, asked: Asked) -> Message:
        match asked.request:
            case CheckRequest():
                return self.check(asked)
            case CalibrateRequest():
                answer = self.calibrate or self.calibrated
                return answer(asked)
            case SampleRequest():
                return (self.sample or self.measured)(asked)
        raise AssertionError(f"nobody should ask {asked.request}")

    def calibrated(self, asked: Asked) -> CalibratedReply:
        return CalibratedReply(ns_per_unit=self.ns_per_unit, alone=self.alone)

    def measured(self, asked: Asked, **changes: Any) -> SampleReply:
        """A sample that took as long as it was ordered to."""
        assert isinstance(asked.request, SampleRequest)
        order = asked.request.order
        took_ns = order.window_ns or round(
            (order.calls or 0) * order.units_per_call * self.ns_per_unit
        )
        self.now_ns += took_ns
        readings = tuple(
            make_reading(
                worker=worker,
                wall_ns=took_ns + worker,
                cpu_ns=took_ns,
                run_queue_ns=0,
                gil_wait_ns=0,
            )
            for worker in range(order.workers)
        )
        return SampleReply(
            **{"readings": readings, "steal_ticks": 0, "gil_enabled": True, **changes}
        )

    def conditions(self, **changes: Any) -> Conditions:
        """Conditions in which every sample counts and there are never enough of them."""
        return Conditions(
            **{
                "cores": 2,
                "gil_enabled": True,
                "judge": lambda sample: None,
                "enough": lambda part, samples: False,
                "clock": self.clock,
                "start_host": self.start_host,
                **changes,
            }
        )


@pytest.fixture
def laboratory() -> Laboratory:
    return Laboratory()


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a backend that cannot run here."""
    backend = ProcessesBackend(name="nowhere", summary="", method="teleport")
    monkeypatch.setattr(backends, "BACKENDS", {**backends.BACKENDS, backend.name: backend})
    return backend.name


@pytest.fixture
def make_case() -> Callable[..., Case]:
    def make(
        backend: str = "serial",
        workers: int = 1,
        workload: str = "spin",
        mode: Mode = Mode.HOLD,
        grain_ns: int = MS,
    ) -> Case:
        return Case(
            workload=workload, mode=mode, backend=backend, workers=workers, grain_ns=grain_ns
        )

    return make


@pytest.fixture
def make_plan(make_case: Callable[..., Case]) -> Callable[..., Plan]:
    """A plan of the cases given, or of four cases of `spin` that take 175 ms a round."""

    def make(*cases: Case, budget_ms: int = 10_000, seed: int = 1) -> Plan:
        return Plan(
            cases=cases
            or (
                make_case(),
                make_case("native", 2, mode=Mode.RELEASE),
                make_case("threads", 2),
                make_case("processes", 2),
            ),
            budget_ns=budget_ms * MS,
            precision=0.03,
            seed=seed,
        )

    return make
