"""The frozen data that the layers hand to each other: cases, samples, readings and findings.

Standard library only, and light: workers in subinterpreters import it. Raw measurements
(`Sample`, `Reading`) and what is derived from them (`Findings`) are different types, so that
findings can always be computed again from stored samples.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

__all__ = [
    "Calibration",
    "Case",
    "CaseFinding",
    "Caution",
    "Ceiling",
    "Environment",
    "Estimate",
    "Failure",
    "Findings",
    "Listing",
    "Losses",
    "Mode",
    "Plan",
    "Progress",
    "Reading",
    "Rejection",
    "Sample",
    "Status",
    "Stop",
    "StopReason",
]


class Mode(StrEnum):
    """Whether a worker's thread stays attached while it works, or detaches."""

    HOLD = "hold"
    RELEASE = "release"


class Status(StrEnum):
    """What became of a case."""

    OK = "ok"
    UNAVAILABLE = "unavailable"
    INCONCLUSIVE = "inconclusive"
    FAILED = "failed"


class StopReason(StrEnum):
    """Why sampling ended."""

    PRECISION = "precision"
    BUDGET = "budget"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Case:
    """One point of an experiment. `workload` is its canonical text, such as `mix:share=0.5`."""

    workload: str
    mode: Mode
    backend: str
    workers: int
    grain_ns: int


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The cases of one run and when it stops: `precision` is a relative half-width of speedups."""

    cases: tuple[Case, ...]
    budget_ns: int
    precision: float
    seed: int


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """How much work one call does.

    `units_per_call` makes a call last about one grain; `fixed_calls` is set where work cannot be
    stopped within a window, and is then the number of calls of every worker in a sample. `alone`
    is false for work that other threads or processes of its own share in.
    """

    workload: str
    grain_ns: int
    units_per_call: int
    ns_per_unit: float
    fixed_calls: int | None
    alone: bool = True


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What one worker of a sample read of itself, natively, around its work. Times in nanoseconds.

    `start_skew_ns`: from the opening of the gate until this worker saw it.
    `wall_ns`: from the opening until the window's end, or until this worker finished fixed work.
    `cpu_ns`, `run_queue_ns`: within `wall_ns`, null where the platform does not tell.
    `gil_wait_ns`: waits to attach, by stamps; null for work that cannot be stamped.
    `gil_wait_bound`: true when the CPU time inside the waits could not be taken off, so that
    `gil_wait_ns` is an upper bound.
    """

    worker: int
    units: float
    calls: int
    start_skew_ns: int
    wall_ns: int
    cpu_ns: int | None
    run_queue_ns: int | None
    gil_wait_ns: int | None
    gil_wait_bound: bool
    checksum: int


class Rejection(StrEnum):
    """Why a sample does not count."""

    RUN_QUEUE = "run queue"
    STEAL = "steal"
    CONTROL = "control"


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One case measured once. `elapsed_ns` is the window, or (fixed work, `window` false) from the
    gate's opening to the last finish. `steal_ticks` is null where the platform does not tell.
    `gil_enabled` is how the host found the GIL after the sample. `processors` are those that a
    lone worker visited in turn; none where the scheduler decided.
    """

    case: Case
    round: int
    host: int
    window: bool
    elapsed_ns: int
    readings: tuple[Reading, ...]
    steal_ticks: int | None
    rejection: Rejection | None
    gil_enabled: bool | None = None
    processors: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A case that cannot run here (`unavailable`) or that broke (`failed`), with the reason."""

    case: Case
    round: int
    host: int
    status: Status
    reason: str


@dataclass(frozen=True, kw_only=True)
class Stop:
    """How the sampling ended. A stored run without one was cut off."""

    reason: StopReason
    rounds: int
    hosts: int
    elapsed_ns: int


@dataclass(frozen=True, kw_only=True)
class Caution:
    """What about the machine or the interpreter moves figures, and what to do about it."""

    what: str
    advice: str


@dataclass(frozen=True, kw_only=True)
class Environment:
    """What moves figures, as it stood when the run began.

    Null means that the platform does not tell. `cores` is what "all cores" means for this
    process: the CPU affinity, cut by a cgroup's quota. `busy_cpus` is how many processors' time
    other work took in a moment just before, when this process did nothing.
    """

    gilbench: str
    python: str
    implementation: str
    compiler: str
    build_flags: Mapping[str, str]
    executable: str
    free_threaded: bool
    gil_enabled: bool
    jit: bool | None
    debug: bool
    switch_interval_s: float
    hash_seed: str
    gc_enabled: bool
    gc_threshold: tuple[int, ...]
    start_method: str
    system: str
    libc: str
    machine: str
    cpu: str
    cpus: int
    physical_cpus: int | None
    affinity: tuple[int, ...] | None
    cgroup_quota_cpus: float | None
    cores: int
    memory_bytes: int
    governor: str | None
    turbo: bool | None
    smt: bool | None
    hypervisor: str | None
    load_average: tuple[float, float, float] | None
    busy_cpus: float | None
    variables: Mapping[str, str]
    packages: Mapping[str, str]
    started_at: str
    warnings: tuple[Caution, ...]


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A median with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Ceiling(Estimate):
    """What the hardware offers at this many workers; `source` says who measured it."""

    source: str


@dataclass(frozen=True, kw_only=True)
class Losses:
    """Where the workers' time went: signed shares of workers times elapsed, null where not
    measurable. They sum to 1 where none is null.
    """

    useful: float | None
    hardware: float | None
    overhead: float | None
    gil_wait: float | None
    run_queue: float | None
    other_blocked: float | None
    imbalance: float | None
    unexplained: float | None


@dataclass(frozen=True, kw_only=True)
class CaseFinding:
    """What the samples of one case support."""

    workload: str
    mode: Mode
    backend: str
    workers: int
    grain_ns: int
    status: Status
    reason: str | None
    samples: int
    rejected: int
    throughput: Estimate | None
    speedup: Estimate | None
    ceiling: Ceiling | None
    bite: Estimate | None
    losses: Losses | None
    losses_inferred: bool
    start_skew_ns: float | None


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One entry of what there is: a workload or a backend; `unavailable` says why not here."""

    name: str
    summary: str
    parameters: str
    unavailable: str | None


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Where a run stands: `done` is a share of the whole, `doing` a few words for the user."""

    done: float
    left_ns: int
    doing: str


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What a run supports: one object, in Python and as JSON.

    `headline` is the one sentence that the user came for. `stop` is null for a stored run that
    was cut off.
    """

    schema_version: int
    environment: Environment
    headline: str
    cases: tuple[CaseFinding, ...]
    stop: Stop | None
    notes: tuple[str, ...]
