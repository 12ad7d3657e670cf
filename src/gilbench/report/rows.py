"""The rows of the table of speedups: a workload, its grain and a worker count, and its cases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gilbench.labels import labels_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gilbench.model import CaseFinding
    from gilbench.report.ways import Way

__all__ = ["Row", "counts_of", "rows_of", "workers"]

# One worker of these may be there only because a speedup or a ceiling is measured from it.
_MAYBE_BASES: Final = frozenset({"serial", "native", "processes"})


@dataclass(frozen=True, kw_only=True)
class Row:
    """A workload at a grain and a worker count; `label` tells it from those at other grains."""

    label: str
    workers: int
    cases: tuple[CaseFinding, ...]

    def case(self, way: Way) -> CaseFinding | None:
        """Return the case that ran this way, or null."""
        return next((case for case in self.cases if way.ran(case)), None)


def rows_of(cases: Sequence[CaseFinding]) -> list[Row]:
    """Return the rows, worker counts ascending within a workload at a grain.

    A row of one worker stands only where it was asked for, and is not just what bases need.
    """
    label = labels_of(cases)
    grouped: dict[tuple[str, int], dict[int, list[CaseFinding]]] = {}
    for case in cases:
        by_workers = grouped.setdefault((case.workload, case.grain_ns), {})
        by_workers.setdefault(case.workers, []).append(case)
    return [
        Row(label=label(by_workers[count][0]), workers=count, cases=tuple(by_workers[count]))
        for by_workers in grouped.values()
        for count in sorted(by_workers)
        if count > 1
        or max(by_workers) == 1
        or any(case.backend not in _MAYBE_BASES for case in by_workers[count])
    ]


def counts_of(rows: Sequence[Row]) -> list[int]:
    """Return the worker counts that there are, ascending."""
    return sorted({row.workers for row in rows})


def workers(count: int) -> str:
    """Return a number of workers in words, such as `2 workers`."""
    return "1 worker" if count == 1 else f"{count} workers"
