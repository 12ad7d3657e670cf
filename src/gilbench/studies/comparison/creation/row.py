"""`creation`: how long it takes to have a worker, and what is left of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gilbench.comparison import Evidence, Row
from gilbench.studies.comparison.creation.claims import claims, quick_to_create
from gilbench.studies.comparison.creation.course import course
from gilbench.studies.comparison.creation.ledger import Ledger
from gilbench.studies.comparison.creation.notes import notes
from gilbench.studies.comparison.creation.tables import columns, facts, tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gilbench.comparison import FactsPlan, Trial
    from gilbench.studies.comparison.laboratory import Laboratory

__all__ = ["CREATION", "CreationRow"]


@dataclass(frozen=True, kw_only=True)
class CreationRow:
    """Workers started, joined, kept in pools, and what they leave."""

    name: str = "creation"
    question: str = "How long does it take to have a worker, and to be done with it?"
    claim: str = "Threads are quick to create, processes slow."

    def measure(self, plan: FactsPlan, laboratory: Laboratory, budget_ns: int) -> Iterator[Trial]:
        """Yield passes over all ways, and one of many creations."""
        yield from course(self.name, plan, laboratory, budget_ns)

    def find(self, plan: FactsPlan, trials: Sequence[Trial]) -> Row:
        """Return what it takes to start and to join, and whether processes take much more."""
        ledger = Ledger(trials=trials, seed=plan.seed)
        holds, deciding = quick_to_create(ledger)
        return Row(
            row=self.name,
            question=self.question,
            fact="time to start a worker and to join it",
            columns=columns(ledger),
            claim=self.claim,
            holds=holds,
            evidence=Evidence(
                deciding=deciding,
                facts=facts(plan, ledger),
                claims=claims(ledger),
                tables=tables(plan, ledger),
                notes=notes(plan, ledger),
            ),
        )


CREATION: Final = CreationRow()
