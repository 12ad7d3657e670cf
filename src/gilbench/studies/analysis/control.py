"""The control of a run: whether the ceiling shows that the machine was ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench.stats import median
from gilbench.studies.analysis.estimates import LEAST_ROUNDS
from gilbench.studies.analysis.pairs import pair
from gilbench.studies.analysis.totals import total
from gilbench.studies.analysis.words import count, kernel, noun, percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gilbench.model import Case
    from gilbench.studies.analysis.table import Table

__all__ = ["foreign_load"]

# Native threads wait for nothing but a core, so CPU time that they lack was somebody else's (or a
# quota's), on platforms without a run queue too. Wide enough for clocks that tick in 15.6 ms.
_CPU_TOLERANCE: Final = 0.1

# These compute within a core's own registers and caches: independent workers scale with the cores.
# Turbo that steps down as cores wake, and small cores beside large ones, can leave two thirds of
# the count; under 0.6 the cores are shared out. The ceiling of others (`triad`) is low by nature,
# and says nothing about who owns the machine.
_MUST_SCALE: Final = frozenset({"spin", "mandelbrot", "collatz", "mix", "python"})
_COLLAPSED: Final = 0.6


def foreign_load(table: Table, cores: int) -> Mapping[int, str]:
    """Return by worker count why the machine was not ours while that many workers ran.

    A count that is not there passed, or had no control: then only the rejection of single samples
    speaks. What failed its control is no base for a speedup, a ceiling or a bite of any workload.
    """
    found: dict[int, str] = {}
    for case in table.samples:
        if case.workers > 1 and case.workers not in found:
            reason = _starved(table, case, cores) or _collapsed(table, case, cores)
            if reason is not None:
                found[case.workers] = reason
    return found


def _starved(table: Table, case: Case, cores: int) -> str | None:
    if case.backend != "native":
        return None
    totals = [total(sample) for sample in table.accepted(case)]
    shares = [one.cpu_ns / one.worker_ns for one in totals if one.cpu_ns is not None]
    if len(shares) < LEAST_ROUNDS:
        return None
    ran, due = sum(shares) / len(shares), min(1.0, cores / case.workers)
    if ran >= due - _CPU_TOLERANCE:
        return None
    return (
        f"the control failed: {count(case.workers)} native threads ran for {percent(ran)} of the "
        f"time, not {percent(due)}: other work, or a quota, took the rest; stop it, or run again"
    )


def _collapsed(table: Table, case: Case, cores: int) -> str | None:
    partners = table.partners(case)
    ceilings = pair(table, case, partners).ceiling
    if case != partners.ceiling or ceilings is None or kernel(case.workload) not in _MUST_SCALE:
        return None
    due = min(case.workers, cores)
    if len(ceilings.values) < LEAST_ROUNDS or median(ceilings.values) >= _COLLAPSED * due:
        return None
    return (
        f"the control failed: {count(case.workers)} {noun(case.backend)} did the work of "
        f"{median(ceilings.values):.2f} on {count(due)} cores: they are shared with other work, "
        "or not whole; run again on a quiet machine"
    )
