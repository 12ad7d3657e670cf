"""What is tried, and for how long: the trials of `creation`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from gilbench.comparison import ROW_NAMES, Way
from gilbench.studies.comparison.turns import Job, Pass, take_turns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gilbench.comparison import FactsPlan, Parameter, Trial
    from gilbench.studies.comparison.laboratory import Laboratory

__all__ = ["CREATIONS", "course"]

CREATIONS: Final = 100
"""Over so many the parent's memory is watched."""

_MS: Final = 1_000_000
_SPAN_NS: Final = 40 * _MS
_QUICK_SPAN_NS: Final = 15 * _MS
# Of one way. A process that is spawned takes some 30 ms of a core; as many at a time as there are
# cores, a hundred fit. What does not fit is told.
_GROWTH_NS: Final = 1_500 * _MS
# Where the whole table has to come in time: what is reckoned from fewer says so.
_GROWTH_AMONG_ALL_NS: Final = 1_000 * _MS
_QUICK_GROWTH_NS: Final = 50 * _MS


def course(
    row: str,
    plan: FactsPlan,
    laboratory: Laboratory,
    budget_ns: int,
    now_ns: Callable[[], int] = time.monotonic_ns,
) -> Iterator[Trial]:
    """Yield a pass of short trials, the growth, and more passes while there is time."""
    short, laden = _short(plan), _laden(plan)
    yield from take_turns(
        row,
        due=(short, laden, _growth(plan)) if laden else (short, _growth(plan)),
        more=(short, laden) if laden else (short,),
        laboratory=laboratory,
        budget_ns=budget_ns,
        seed=plan.seed,
        now_ns=now_ns,
    )


def _short(plan: FactsPlan) -> Pass:
    """Return the trials that are timed.

    What a start takes differs from process to process: each pass has new ones for it.
    """
    span_ns = _QUICK_SPAN_NS if plan.quick else _SPAN_NS
    alone = not plan.quick
    return tuple(
        Job(name=name, way=way, fresh=fresh, parameters={"span_ns": span_ns})
        for name, fresh in (("cycle", alone), ("task", False), ("pool", False))
        for way in Way
    )


def _laden(plan: FactsPlan) -> Pass:
    """Return the tasks that need the imports, each in a process that has not imported them."""
    if not plan.imports:
        return ()
    asked: dict[str, Parameter] = {
        "span_ns": _QUICK_SPAN_NS if plan.quick else _SPAN_NS,
        "imports": ",".join(plan.imports),
    }
    return tuple(Job(name="task", way=way, fresh=True, parameters=asked) for way in Way)


def _growth(plan: FactsPlan) -> Pass:
    whole = plan.rows == ROW_NAMES
    span_ns = _QUICK_GROWTH_NS if plan.quick else _GROWTH_AMONG_ALL_NS if whole else _GROWTH_NS
    asked = {"creations": CREATIONS, "span_ns": span_ns}
    return tuple(Job(name="growth", way=way, fresh=not plan.quick, parameters=asked) for way in Way)
