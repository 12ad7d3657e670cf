"""What a run is to measure: the cases, and when it stops."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Case", "Mode", "Plan"]


class Mode(StrEnum):
    """Whether a worker's thread stays attached while it works, or detaches."""

    HOLD = "hold"
    RELEASE = "release"


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
