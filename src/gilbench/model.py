"""The frozen data that the layers hand to each other: cases, samples, readings and findings.

Standard library only, and light: workers in subinterpreters import it. Raw measurements
(`Sample`, `Reading`) and what is derived from them (`Findings`) are different types, so that
findings can always be computed again from stored samples.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

__all__ = [
    "AmdahlFit",
    "Calibration",
    "Case",
    "CaseFinding",
    "Caution",
    "Ceiling",
    "Comparison",
    "Curve",
    "CurvePoint",
    "Environment",
    "Estimate",
    "Failure",
    "Fairness",
    "Findings",
    "GuntherFit",
    "Listing",
    "Losses",
    "Mode",
    "OneThreadCost",
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
    """The cases of one run and when it stops: `precision` is a relative half-width of speedups.

    `pinned` are the processors that several workers are kept on, one each, in this order; none
    where the scheduler decides. `workers` are the counts that were asked for: `cases` has one
    worker beside them, as a base; none in files that are older.
    """

    cases: tuple[Case, ...]
    budget_ns: int
    precision: float
    seed: int
    pinned: tuple[int, ...] = ()
    workers: tuple[int, ...] = ()


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
    `longest_wait_ns`: the longest time between two pieces of work (from the gate to the first, and
    from the last to the end of the window, included), whole: what kept this worker from its work
    in one go. 0 where none was long enough for a wait; null for work that cannot be stamped, and
    in files from before it was read. A native thread, which attaches to nothing, tells what the
    system alone takes.
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
    longest_wait_ns: int | None = None


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
    lone worker visited in turn, or that several were kept on; none where the scheduler decided.
    `shares_the_gil` is what the backend says of its workers; null in files that are older than
    backends of other distributions.
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
    shares_the_gil: bool | None = None


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
    other work took in a moment just before, when this process did nothing. `kernel_variants` are
    the instruction sets of the kernels that have several; none in files from before they had.
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
    kernel_variants: Mapping[str, str] = field(default_factory=dict)


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
class Fairness:
    """How evenly several workers were served, within the samples that count.

    `least`, `most`: what the least and the most served worker of a sample did, as a share of the
    mean of its workers (1 is equal); medians over samples. `longest_lockout_ns`: the longest that
    a worker was kept from its work in one go, at most a window; null for work that cannot be
    stamped (Python's own, a function), where nobody sees it, and in files that do not tell.
    """

    least: float
    most: float
    longest_lockout_ns: int | None


@dataclass(frozen=True, kw_only=True)
class CaseFinding:
    """What the samples of one case support. `fairness` is null for one worker."""

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
    fairness: Fairness | None = None


@dataclass(frozen=True, kw_only=True)
class CurvePoint:
    """The speedup at one worker count; `serial_share` is Karp and Flatt's.

    That is null at one worker, and beyond the cores, where the laws of parallel processors say
    nothing: such a point is not `fitted`.
    """

    workers: int
    speedup: Estimate
    serial_share: Estimate | None
    fitted: bool


@dataclass(frozen=True, kw_only=True)
class AmdahlFit:
    """S(N) = 1 / (s + (1 - s) / N): `serial_share` is s, the part of the work that one does at a
    time. Below 0: the speedup is more than N.
    """

    serial_share: Estimate


@dataclass(frozen=True, kw_only=True)
class GuntherFit:
    """S(N) = N / (1 + a (N - 1) + b N (N - 1)): `contention` is a, waiting for what is shared, and
    `coherency` is b, what each pair of workers costs.

    a below 0: the speedup is more than N. b below 0: each further worker gains more than contention
    alone would let it. b above 0: beyond some count more workers do less.
    """

    contention: Estimate
    coherency: Estimate


@dataclass(frozen=True, kw_only=True)
class Curve:
    """How one way of running a workload scales. The one worker of the base, with a speedup of 1,
    is its first point.

    `amdahl` and `gunther` are null where fewer than three points can be fitted, and `reason` says
    why. It also says what was left out of a fit.
    """

    workload: str
    mode: Mode
    backend: str
    grain_ns: int
    points: tuple[CurvePoint, ...]
    amdahl: AmdahlFit | None
    gunther: GuntherFit | None
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class OneThreadCost:
    """`ratio`: what one worker does, over what it does in the other run; null with the `reason`."""

    workload: str
    grain_ns: int
    ratio: Estimate | None
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """One worker here and in an earlier run: what speedups over a run's own base hide.

    `this` and `that` name the two interpreters, `rival` is how a sentence calls the other one;
    `started_at` is when that run began. `cautions` tell in what else the two differ.
    """

    this: str
    that: str
    rival: str
    started_at: str
    costs: tuple[OneThreadCost, ...]
    cautions: tuple[Caution, ...]


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
    was cut off. `curves` are there where several worker counts were asked for, `against` where
    another run was.
    """

    schema_version: int
    environment: Environment
    headline: str
    cases: tuple[CaseFinding, ...]
    stop: Stop | None
    notes: tuple[str, ...]
    curves: tuple[Curve, ...] = ()
    against: Comparison | None = None
