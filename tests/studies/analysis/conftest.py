"""Synthetic runs of a machine whose truth is known."""

from dataclasses import dataclass, replace
from random import Random

import pytest

from environments import make_environment
from gilbench.model import (
    Case,
    Mode,
    Plan,
    Sample,
    Stop,
    StopReason,
)
from gilbench.studies.analysis import analyse, reject
from readings import make_reading

GRAIN_NS = 1_000_000
WINDOW_NS = 100_000_000


def case(backend="threads", workers=2, mode=Mode.HOLD, workload="spin"):
    return Case(workload=workload, mode=mode, backend=backend, workers=workers, grain_ns=GRAIN_NS)


def cases(workload="spin", workers=2, ceiling="native"):
    """The cases of a kernel in both modes, as a default run has them."""
    return (
        case("serial", 1, workload=workload),
        case("threads", workers, workload=workload),
        case("threads", workers, Mode.RELEASE, workload=workload),
        case(ceiling, workers, workload=workload),
        case(ceiling, 1, workload=workload),
    )


def plan(*planned, seed=7, precision=0.03):
    return Plan(cases=planned or cases(), budget_ns=15_000_000_000, precision=precision, seed=seed)


def stop(reason=StopReason.PRECISION, rounds=9):
    return Stop(reason=reason, rounds=rounds, hosts=3, elapsed_ns=12_000_000_000)


def environment(*, cores=2, free_threaded=False, gil_enabled=True):
    return make_environment(
        gilbench="1",
        implementation="cpython",
        free_threaded=free_threaded,
        gil_enabled=gil_enabled,
        cpus=cores,
        physical_cpus=None,
        affinity=None,
        cores=cores,
        busy_cpus=None,
        started_at="2026-01-01T00:00:00Z",
    )


@dataclass(frozen=True, kw_only=True)
class Machine:
    """What is true of a synthetic machine; `sample` measures a case on it."""

    cores: int = 2
    gil: bool = True
    burned: float = 0.0  # how many other threads want a core all the time
    noise: float = 0.0  # relative standard deviation of one sample's throughput
    drift: float = 0.0  # the same for a whole round
    overhead: float = 0.0  # share of the CPU time of threads that does no work
    stretch: float = 1.0  # CPU per unit with more than one worker over that with one
    blocks: float = 0.0  # share of the time in which a worker sleeps of its own accord
    stamped: bool = True
    tells_cpu: bool = True
    tells_run_queue: bool = True
    skew_ns: int = 0
    unit_ns: float = 10.0
    seed: int = 1
    hosts: int = 3

    def sample(self, case, turn=0):
        luck = Random(f"{self.seed}{case}{turn}")
        speed = 1 + Random(f"{self.seed}{turn}").gauss(0, self.drift)
        speed *= 1 + luck.gauss(0, self.noise)
        whole = WINDOW_NS - self.skew_ns
        shared = self.gil and case.backend == "threads" and case.mode is Mode.HOLD
        awake = whole * (1 - self.blocks)
        if shared and case.workers > 1:
            cpu = awake / case.workers
            queued, waited = 0.0, awake - cpu
        else:
            cpu = awake * min(1, self.cores / (case.workers + self.burned))
            queued, waited = awake - cpu, 0.0
        useful = cpu * (1 - self.overhead * (case.backend == "threads"))
        unit_ns = self.unit_ns * (self.stretch if case.workers > 1 else 1)
        reading = make_reading(
            units=useful / unit_ns * speed,
            calls=10,
            start_skew_ns=self.skew_ns,
            wall_ns=WINDOW_NS,
            cpu_ns=round(cpu) if self.tells_cpu else None,
            run_queue_ns=round(queued) if self.tells_run_queue else None,
            gil_wait_ns=round(waited) if self.stamped else None,
            longest_wait_ns=round(waited) if self.stamped else None,
        )
        sample = Sample(
            case=case,
            round=turn,
            host=turn % self.hosts,
            window=True,
            elapsed_ns=WINDOW_NS,
            readings=tuple(replace(reading, worker=worker) for worker in range(case.workers)),
            steal_ticks=0,
            rejection=None,
        )
        return replace(sample, rejection=reject(sample, self.cores))

    def samples(self, plan, rounds=9):
        return [self.sample(case, turn) for turn in range(rounds) for case in plan.cases]


@dataclass(frozen=True)
class Lab:
    """The constructors above, for tests: test files cannot import each other."""

    case = staticmethod(case)
    cases = staticmethod(cases)
    plan = staticmethod(plan)
    stop = staticmethod(stop)
    environment = staticmethod(environment)
    Machine = Machine

    def analyse(self, plan, samples, *, environment=None, failures=(), stop=None, **more):
        return analyse(
            environment=environment or self.environment(),
            plan=plan,
            calibrations=more.get("calibrations", ()),
            samples=samples,
            failures=failures,
            stop=stop or self.stop(),
            notes=more.get("notes", ()),
        )

    def find(self, findings, backend="threads", mode=Mode.HOLD, workers=2):
        [found] = [
            case
            for case in findings.cases
            if (case.backend, case.mode, case.workers) == (backend, mode, workers)
        ]
        return found


@pytest.fixture
def lab():
    return Lab()
