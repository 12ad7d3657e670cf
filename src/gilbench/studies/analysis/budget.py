"""The loss budget: where the workers' time went, in shares that sum to 1."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Final

from gilbench.model import Losses
from gilbench.studies.analysis.totals import total

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gilbench.model import Case, Sample
    from gilbench.studies.analysis.costs import Costs
    from gilbench.studies.analysis.totals import Totals

__all__ = ["budget", "mean_losses", "shares_gil", "stamped"]

# Each worker of these has a GIL of its own, or none.
_OWN_GIL: Final = frozenset(
    {"serial", "native", "processes", "fork", "forkserver", "spawn", "interpreters"}
)


def shares_gil(case: Case, *, gil_enabled: bool) -> bool:
    """Return whether a worker of `case` can find the GIL held by another worker."""
    return gil_enabled and case.workers > 1 and case.backend not in _OWN_GIL


def stamped(sample: Sample) -> bool:
    """Return whether every worker took the time of its waits for the GIL."""
    return total(sample).gil_wait_ns is not None


def budget(sample: Sample, costs: Costs, *, shares_gil: bool) -> Losses:
    """Return where the workers' time of one sample went, as shares, signed, never clamped.

    With T the workers' time: useful = units x serial CPU per unit / T; hardware = useful x
    (stretch - 1); overhead = CPU / T - useful - hardware. Lateness counts as run queue. Blocked is
    what is left of wall after CPU and run queue. Stamped work (our kernels) makes no other
    blocking call, so unexplained = blocked - GIL wait. Elsewhere the GIL wait is inferred:
    `costs.serial_blocked_ns` of each unit would have been blocked alone too (sleep, I/O), the rest
    waited for the GIL if there is one to wait for; unexplained would be a tautology, and is null.
    Imbalance is what workers idled after they finished fixed work; a window leaves none.
    """
    totals = total(sample)
    whole = totals.worker_ns
    useful = _share(_times(totals.units, costs.serial_cpu_ns), whole)
    hardware = None if useful is None or costs.stretch is None else useful * (costs.stretch - 1)
    overhead = None
    if useful is not None and totals.cpu_ns is not None:
        overhead = totals.cpu_ns / whole - useful - (hardware or 0.0)
    gil_wait, other_blocked, unexplained = _blocked(totals, costs, shares_gil=shares_gil)
    return Losses(
        useful=useful,
        hardware=hardware,
        overhead=overhead,
        gil_wait=gil_wait,
        run_queue=_share(totals.queued_ns, whole),
        other_blocked=other_blocked,
        imbalance=(whole - totals.wall_ns) / whole,
        unexplained=unexplained,
    )


def mean_losses(budgets: Sequence[Losses]) -> Losses | None:
    """Return the mean of each share, null where one is: means, unlike medians, keep the sum."""
    if not budgets:
        return None
    names = [field.name for field in fields(Losses)]
    return Losses(**{name: _mean([getattr(one, name) for one in budgets]) for name in names})


def _blocked(
    totals: Totals, costs: Costs, *, shares_gil: bool
) -> tuple[float | None, float | None, float | None]:
    """Return the shares of GIL wait, other blocked and unexplained."""
    blocked = _share(totals.blocked_ns, totals.worker_ns)
    waited = _share(totals.gil_wait_ns, totals.worker_ns)
    if waited is not None:
        return waited, 0.0, None if blocked is None else blocked - waited
    if not shares_gil:
        return 0.0, blocked, None
    alone = _share(_times(totals.units, costs.serial_blocked_ns), totals.worker_ns)
    return None if blocked is None else blocked - (alone or 0.0), alone, None


def _times(units: float, ns_per_unit: float | None) -> float | None:
    return None if ns_per_unit is None else units * ns_per_unit


def _share(part_ns: float | None, whole_ns: int) -> float | None:
    return None if part_ns is None else part_ns / whole_ns


def _mean(shares: Sequence[float | None]) -> float | None:
    known = [share for share in shares if share is not None]
    return sum(known) / len(known) if len(known) == len(shares) else None
