"""What is derived from samples, and can always be computed again from them."""

from __future__ import annotations

from dataclasses import dataclass

from gilbench.model.comparison import Comparison
from gilbench.model.curve import Curve
from gilbench.model.environment import Environment
from gilbench.model.estimate import Ceiling, Estimate
from gilbench.model.plan import Mode
from gilbench.model.run import Status, Stop

__all__ = ["CaseFinding", "Fairness", "Findings", "Losses"]


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
