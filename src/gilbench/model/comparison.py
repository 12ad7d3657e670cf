"""One run beside another."""

from __future__ import annotations

from dataclasses import dataclass

from gilbench.model.environment import Caution
from gilbench.model.estimate import Estimate

__all__ = ["Comparison", "OneThreadCost"]


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
