"""Trials of `creation` as they would come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from comparisons import make_plan
from gilbench.comparison import Trial, Way
from gilbench.model import Status
from gilbench.studies.comparison.creation.ledger import Ledger

US = 1_000

# In microseconds: to start, to join, a first task, a task in a pool.
TIMES = {
    Way.THREAD: (40, 2, 45, 18),
    Way.INTERPRETER: (12_000, 2_000, 12_500, 34),
    Way.FORK: (700, 1_500, 1_600, 80),
    Way.FORKSERVER: (900, 1_400, 2_600, 90),
    Way.SPAWN: (600, 25_000, 25_500, 90),
}


def trial(name: str, way: Way, round: int = 0, **changed: Any) -> Trial:
    told = {"parameters": {}, "figures": {}, "words": {}, **changed}
    return Trial(row="creation", name=name, way=way, round=round, **told)


def absent(name: str, way: Way, reason: str = "not here", **changed: Any) -> Trial:
    return trial(name, way, status=Status.UNAVAILABLE, reason=reason, **changed)


def cycle(way: Way, start: float, join: float, *, times: int = 8, round: int = 0) -> Trial:
    figures = {
        "first_ns": (50_000_000.0,),
        "start_ns": (start * US,) * times,
        "join_ns": (join * US,) * times,
    }
    return trial("cycle", way, round, figures=figures)


def task(way: Way, us: float, *, times: int = 8, imports: str | None = None) -> Trial:
    figures = {"first_ns": (60_000_000.0,), "task_ns": (us * US,) * times}
    return trial(
        "task", way, figures=figures, parameters={} if imports is None else {"imports": imports}
    )


def pool(way: Way, us: float, *, times: int = 8) -> Trial:
    figures = {"first_ns": (70_000_000.0,), "task_ns": (us * US,) * times}
    return trial("pool", way, figures=figures)


def growth(way: Way, sizes: Sequence[float], creations: int = 100) -> Trial:
    figures = {"creations": (float(creations),), "memory_bytes": tuple(map(float, sizes))}
    return trial("growth", way, figures=figures)


def steady(way: Way, each: float, *, creations: int = 100, once: float = 0.0) -> Trial:
    """So many bytes with each creation, and some once."""
    sizes = [5e6, *(5e6 + once + each * 5 * (step + 1) for step in range(creations // 5))]
    return growth(way, sizes, creations)


def usual() -> list[Trial]:
    """What is usual on Linux with 3.14."""
    trials = []
    for way, (start, join, first, pooled) in TIMES.items():
        trials += [
            cycle(way, start, join),
            task(way, first),
            pool(way, pooled),
            steady(way, 0, once=65_536),
        ]
    return trials


def ledger(*trials: Trial) -> Ledger:
    return Ledger(plan=make_plan(), trials=trials)
