"""What is tried, and for how long: the trials of `memory`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from gilbench.comparison import Way
from gilbench.studies.comparison.turns import Job, Pass, take_turns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gilbench.comparison import FactsPlan, Parameter, Trial
    from gilbench.studies.comparison.laboratory import Laboratory

__all__ = ["course"]

_MIB: Final = 2**20
# Far above what a worker that does nothing takes, and made in a tenth of a second.
_OBJECTS: Final = 32 * _MIB
_QUICK_OBJECTS: Final = 16 * _MIB
_ARRAY: Final = 32 * _MIB
_QUICK_ARRAY: Final = 8 * _MIB
# The fewest slopes that make an interval.
_FEWEST_COSTS: Final = 6


def course(
    row: str,
    plan: FactsPlan,
    laboratory: Laboratory,
    budget_ns: int,
    now_ns: Callable[[], int] = time.monotonic_ns,
) -> Iterator[Trial]:
    """Yield one pass over all, then more over what workers cost, and the rest as time allows."""
    costs, rest = _costs(plan), _rest(plan)
    yield from take_turns(
        row,
        due=(costs, rest),
        more=(costs,) * (_FEWEST_COSTS - 1) + (rest, costs),
        laboratory=laboratory,
        budget_ns=budget_ns,
        seed=plan.seed,
        now_ns=now_ns,
    )


def _costs(plan: FactsPlan) -> Pass:
    """Return what each way's workers cost, idle and with the imports.

    What an earlier thread or subinterpreter left would be taken again for free, and a fork shares
    what its parent has: they have a process of their own each time, when quick but the fork.
    """
    idle: dict[str, Parameter] = {"workers": plan.workers}
    alone = {Way.THREAD, Way.INTERPRETER} | (set() if plan.quick else {Way.FORK})
    jobs = [Job(name="cost", way=way, fresh=way in alone, parameters=idle) for way in Way]
    if plan.imports:
        laden = idle | {"imports": ",".join(plan.imports)}
        jobs += [Job(name="cost", way=way, fresh=True, parameters=laden) for way in Way]
        before = laden | {"before": True}
        jobs.append(Job(name="cost", way=Way.FORK, fresh=True, parameters=before))
    return tuple(jobs)


def _rest(plan: FactsPlan) -> Pass:
    objects = _QUICK_OBJECTS if plan.quick else _OBJECTS
    array = _QUICK_ARRAY if plan.quick else _ARRAY
    few = (Way.FORK, Way.SPAWN) if plan.quick else tuple(Way)
    return (
        Job(name="copying", way=Way.FORK, fresh=not plan.quick, parameters={"bytes": objects}),
        *(Job(name="sight", way=way) for way in Way),
        *(Job(name="array", way=way, parameters={"bytes": array}) for way in few),
    )
