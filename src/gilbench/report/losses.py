"""The kinds of loss, and the cases whose loss budget is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gilbench.labels import labels_of
from gilbench.model import Status
from gilbench.report.ways import is_foreign, title, ways_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gilbench.model import CaseFinding, Fairness, Findings, Losses

__all__ = ["KINDS", "Budget", "Kind", "budgets_of", "heading"]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A share of the budget: its field in `Losses`, what it is called, and its colour."""

    field: str
    label: str
    style: str

    def share(self, losses: Losses) -> float | None:
        """Return this share of `losses`, null where it is not measurable."""
        share: float | None = getattr(losses, self.field)
        return share


KINDS: Final = (
    Kind(field="useful", label="useful", style="green"),
    Kind(field="hardware", label="hardware", style="blue"),
    Kind(field="overhead", label="overhead", style="magenta"),
    Kind(field="gil_wait", label="GIL wait", style="red"),
    Kind(field="run_queue", label="run queue", style="yellow"),
    Kind(field="other_blocked", label="other blocked", style="cyan"),
    Kind(field="imbalance", label="imbalance", style="bright_blue"),
    Kind(field="unexplained", label="unexplained", style="bright_black"),
)


@dataclass(frozen=True, kw_only=True)
class Budget:
    """The losses of one case; `inferred` says that its GIL wait is.

    `fairness` is there where the case stands: unlike shares, lock-outs grow under foreign load.
    """

    label: str
    backend: str
    losses: Losses
    inferred: bool
    fairness: Fairness | None


def budgets_of(findings: Findings) -> list[Budget]:
    """Return the budgets of threads, and of backends that are not gilbench's own.

    Each at its largest worker count; without a budget, a case is left out.
    """
    ways, cases = ways_of(findings.cases), _largest(findings.cases)
    workload = labels_of(findings.cases)
    # Where there is nothing else, the heading says that they are threads.
    understood = "" if any(is_foreign(case.backend) for case in cases) else "threads, "
    return [
        Budget(
            label=f"{workload(case)}, {name.removeprefix(understood)}",
            backend=case.backend,
            fairness=case.fairness if case.status is Status.OK else None,
            losses=case.losses,
            inferred=case.losses_inferred,
        )
        for case in cases
        for name in [title(way, findings.environment) for way in ways if way.ran(case)]
        if case.losses is not None
    ]


def heading(budgets: Sequence[Budget]) -> str:
    """Return what stands above the budgets."""
    who = "threads" if all(budget.backend == "threads" for budget in budgets) else "workers"
    return f"Where the time of the {who} went"


def _largest(cases: Sequence[CaseFinding]) -> list[CaseFinding]:
    largest: dict[tuple[str, int, str, str], CaseFinding] = {}
    for case in cases:
        if case.backend == "threads" or is_foreign(case.backend):
            key = (case.workload, case.grain_ns, case.backend, case.mode)
            if key not in largest or largest[key].workers < case.workers:
                largest[key] = case
    return list(largest.values())
