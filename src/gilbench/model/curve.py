"""How a workload scales over worker counts, and the laws that are fitted to it."""

from __future__ import annotations

from dataclasses import dataclass

from gilbench.model.estimate import Estimate
from gilbench.model.plan import Mode

__all__ = ["AmdahlFit", "Curve", "CurvePoint", "GuntherFit"]


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
