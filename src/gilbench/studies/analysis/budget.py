"""The loss budget: where the workers' time went, in shares that sum to 1."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from gilbench.model import Losses
from gilbench.studies.analysis.gil import queued_behind_gil_ns, shares_gil, takes_turns
from gilbench.studies.analysis.totals import total

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gilbench.model import Sample
    from gilbench.studies.analysis.costs import Costs
    from gilbench.studies.analysis.totals import Totals

__all__ = ["budget", "mean_losses", "stamped"]


def stamped(sample: Sample) -> bool:
    """Return whether every worker took the time of its waits for the GIL."""
    return total(sample).gil_wait_ns is not None


def budget(sample: Sample, costs: Costs, *, gil_enabled: bool) -> Losses:
    """Return where the workers' time of one sample went, as shares, signed, never clamped.

    With T the workers' time:

    - useful = units x serial CPU per unit / T
    - hardware = useful x (stretch - 1), as far as the workers ran at once
    - overhead = CPU / T - useful - hardware
    - run queue, lateness included, but for what `gil.queued_behind_gil_ns` shows to be GIL wait
    - GIL wait: the stamps. Stamped work (our kernels) makes no other blocking call, so that
      unexplained = blocked - GIL wait, where blocked = wall - CPU - run queue.
    - Elsewhere the GIL wait is inferred: of what is blocked each unit would have blocked without
      a GIL too (sleep, I/O): `costs.ceiling_blocked_ns` with as many workers or, where nothing
      tells that, `costs.serial_blocked_ns` alone. The rest waited for the GIL, if there is one to
      wait for. Unexplained would be a tautology, and is null.
    - imbalance: what workers idled after they finished fixed work; a window leaves none.
    """
    totals = total(sample)
    whole = totals.worker_ns
    useful = _share(_times(totals.units, costs.serial_cpu_ns), whole)
    stretched = _stretched(totals, costs)
    hardware = None if useful is None or stretched is None else useful * stretched
    overhead = None
    if useful is not None and totals.cpu_ns is not None:
        overhead = totals.cpu_ns / whole - useful - (hardware or 0.0)
    run_queue = _share(totals.queued_ns, whole)
    shared = shares_gil(sample, gil_enabled=gil_enabled)
    gil_wait, other_blocked, unexplained = _blocked(totals, costs, shared=shared)
    if run_queue is not None and gil_wait is not None:
        behind = _queued_behind_gil(sample, totals, gil_enabled=gil_enabled)
        run_queue, gil_wait = run_queue - behind, gil_wait + behind
    return Losses(
        useful=useful,
        hardware=hardware,
        overhead=overhead,
        gil_wait=gil_wait,
        run_queue=run_queue,
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


def _stretched(totals: Totals, costs: Costs) -> float | None:
    """Return how much more CPU time a unit takes for sharing the hardware, as a share of it.

    The ceiling tells it where all its workers run at once. Workers that take turns, as at the GIL,
    share nothing: between the two it is taken to grow with those that run beside the first.
    """
    if costs.stretch is None or costs.ceiling_running is None or totals.running is None:
        return None
    beside, beside_at_ceiling = totals.running - 1, costs.ceiling_running - 1
    if beside_at_ceiling <= 0:
        return costs.stretch - 1
    return (costs.stretch - 1) * max(0.0, beside / beside_at_ceiling)


def _queued_behind_gil(sample: Sample, totals: Totals, *, gil_enabled: bool) -> float:
    if not takes_turns(sample, gil_enabled=gil_enabled):
        return 0.0
    return queued_behind_gil_ns(totals) / totals.worker_ns


def _blocked(
    totals: Totals, costs: Costs, *, shared: bool
) -> tuple[float | None, float | None, float | None]:
    """Return the shares of GIL wait, other blocked and unexplained."""
    blocked = _share(totals.blocked_ns, totals.worker_ns)
    waited = _share(totals.gil_wait_ns, totals.worker_ns)
    if waited is not None:
        return waited, 0.0, None if blocked is None else blocked - waited
    if not shared:
        return 0.0, blocked, None
    each_ns = costs.ceiling_blocked_ns
    if each_ns is None:
        each_ns = costs.serial_blocked_ns
    without = _share(_times(totals.units, each_ns), totals.worker_ns)
    return None if blocked is None else blocked - (without or 0.0), without, None


def _times(units: float, ns_per_unit: float | None) -> float | None:
    return None if ns_per_unit is None else units * ns_per_unit


def _share(part_ns: float | None, whole_ns: int) -> float | None:
    return None if part_ns is None else part_ns / whole_ns


def _mean(shares: Sequence[float | None]) -> float | None:
    known = [share for share in shares if share is not None]
    return sum(known) / len(known) if len(known) == len(shares) else None
