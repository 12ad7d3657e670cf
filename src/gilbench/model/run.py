"""What a run tells beside its samples: what a call is, how far it is, what broke, how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gilbench.model.plan import Case

__all__ = ["Calibration", "Failure", "Progress", "Status", "Stop", "StopReason"]


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
class Progress:
    """Where a run stands: `done` is a share of the whole, `doing` a few words for the user."""

    done: float
    left_ns: int
    doing: str
