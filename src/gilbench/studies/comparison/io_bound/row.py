"""`io-bound`: what is best for work that waits?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gilbench.comparison import Evidence, Row
from gilbench.studies.comparison.io_bound.claims import claims, threads_as_good
from gilbench.studies.comparison.io_bound.course import course
from gilbench.studies.comparison.io_bound.notes import notes
from gilbench.studies.comparison.io_bound.paces import Paces
from gilbench.studies.comparison.io_bound.tables import columns, facts, headline, tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gilbench.comparison import FactsPlan, Trial
    from gilbench.studies.comparison.laboratory import Laboratory

__all__ = ["IO_BOUND", "IoBoundRow"]


@dataclass(frozen=True, kw_only=True)
class IoBoundRow:
    """Requests per second, and how long they take, of files, a server and databases."""

    name: str = "io-bound"
    question: str = "What is best for work that waits?"
    claim: str = "Threads do I/O-bound work as well as processes."

    def measure(self, plan: FactsPlan, laboratory: Laboratory, budget_ns: int) -> Iterator[Trial]:
        """Yield a crew's work of each way, and of asyncio."""
        yield from course(self.name, plan, laboratory, budget_ns)

    def find(self, plan: FactsPlan, trials: Sequence[Trial]) -> Row:
        """Return what each way does, and whether threads do as much as processes."""
        paces = Paces(trials=trials, seed=plan.seed)
        holds, deciding = threads_as_good(paces)
        return Row(
            row=self.name,
            question=self.question,
            fact=headline(plan),
            columns=columns(plan, paces),
            claim=self.claim,
            holds=holds,
            evidence=Evidence(
                deciding=deciding,
                facts=facts(plan, paces),
                claims=claims(paces),
                tables=tables(paces),
                notes=notes(plan, paces),
            ),
        )


IO_BOUND: Final = IoBoundRow()
