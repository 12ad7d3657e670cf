"""Trials of `memory` as they would come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from comparisons import make_plan
from gilbench.comparison import Trial, Way
from gilbench.model import Status
from gilbench.studies.comparison.memory.account import Account

MIB = 2**20

# What a further worker takes, in KiB: unshared, its part, and all.
SIZES = {
    Way.THREAD: (24, 26, 30),
    Way.INTERPRETER: (3200, 3300, 3400),
    Way.FORK: (2700, 3000, 17000),
    Way.FORKSERVER: (2900, 3200, 11000),
    Way.SPAWN: (6500, 7000, 13500),
}


def trial(name: str, way: Way, round: int = 0, **changed: Any) -> Trial:
    told = {"parameters": {}, "figures": {}, "words": {}, **changed}
    return Trial(row="memory", name=name, way=way, round=round, **told)


def absent(name: str, way: Way, reason: str = "not here", **changed: Any) -> Trial:
    return trial(name, way, status=Status.UNAVAILABLE, reason=reason, **changed)


def cost(
    way: Way,
    kib: Sequence[float] | None = None,
    *,
    workers: int = 3,
    round: int = 0,
    first_kib: float = 5000,
    words: dict[str, str] | None = None,
    **parameters: Any,
) -> Trial:
    """So much for the first worker, and so much for each further one."""
    figures = {
        f"{size}_bytes": tuple(1024 * (first_kib + each * count) for count in range(workers))
        for size, each in zip(("uss", "pss", "rss"), kib or SIZES[way], strict=True)
    }
    return trial(
        "cost",
        way,
        round,
        figures=figures,
        words=words or {},
        parameters={"workers": workers, **parameters},
    )


def sight(way: Way, seen: int, blocks: int | None = 8, *, round: int = 0) -> Trial:
    figures: dict[str, tuple[float, ...]] = {
        "notes": (8.0,),
        "worker_seen": (float(seen),),
        "parent_seen": (float(seen),),
    }
    words = {"no_block": "no blocks here"} if blocks is None else {}
    if blocks is not None:
        figures["block_seen"] = (float(blocks),)
    return trial("sight", way, round, figures=figures, words=words)


def array(way: Way, plain: float, shared: float | None, *, size: float = 32) -> Trial:
    """In MiB."""
    figures = {"bytes": (size * MIB,), "plain_uss_bytes": (plain * MIB,)}
    if shared is not None:
        figures["shared_uss_bytes"] = (shared * MIB,)
    words = {"no_block": "no blocks here"} if shared is None else {}
    return trial("array", way, figures=figures, words=words)


def copying(
    *,
    start: float = 0.0,
    collect: float = 0.9,
    walk: float = 0.87,
    frozen: float = 0.0,
    frozen_walk: float = 0.86,
) -> Trial:
    """Shares of 20 MiB that are un-shared; a worker has 2 MiB besides."""

    def own(share: float) -> tuple[float]:
        return ((2 + 20 * share) * MIB,)

    return trial(
        "copying",
        Way.FORK,
        figures={
            "base_uss_bytes": (2 * MIB,),
            "objects_bytes": (20 * MIB,),
            "collect_start_uss_bytes": own(start),
            "collect_uss_bytes": own(collect),
            "walk_start_uss_bytes": own(start),
            "walk_uss_bytes": own(walk),
            "collect_start_frozen_uss_bytes": own(start),
            "collect_frozen_uss_bytes": own(frozen),
            "walk_start_frozen_uss_bytes": own(start),
            "walk_frozen_uss_bytes": own(frozen_walk),
        },
    )


def usual() -> list[Trial]:
    """What is usual on Linux with a GIL, six rounds of costs."""
    return [
        *(cost(way, round=round) for round in range(6) for way in Way),
        *(sight(way, 8 if way is Way.THREAD else 0) for way in Way),
        array(Way.THREAD, 0, 0),
        array(Way.INTERPRETER, 32, 3),
        array(Way.FORK, 0.1, 0.3),
        array(Way.FORKSERVER, 32, 1.4),
        array(Way.SPAWN, 32, 0.8),
        copying(),
    ]


def account(*trials: Trial) -> Account:
    return Account(plan=make_plan(), trials=trials)
