"""`memory`: what each further worker costs, what it shares, and whether it is one memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gilbench.comparison import Evidence, Row
from gilbench.studies.comparison.memory.account import Account
from gilbench.studies.comparison.memory.claims import claims, one_memory
from gilbench.studies.comparison.memory.course import course
from gilbench.studies.comparison.memory.notes import notes
from gilbench.studies.comparison.memory.tables import columns, facts, tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gilbench.comparison import FactsPlan, Trial
    from gilbench.studies.comparison.laboratory import Laboratory

__all__ = ["MEMORY", "MemoryRow"]


@dataclass(frozen=True, kw_only=True)
class MemoryRow:
    """The memory of workers, and what is written there."""

    name: str = "memory"
    question: str = "What does each further worker cost in memory, and what does it share?"
    claim: str = "Threads share memory, processes do not."

    def measure(self, plan: FactsPlan, laboratory: Laboratory, budget_ns: int) -> Iterator[Trial]:
        """Yield passes over what workers cost, and what they share."""
        yield from course(self.name, plan, laboratory, budget_ns)

    def find(self, plan: FactsPlan, trials: Sequence[Trial]) -> Row:
        """Return what a further worker takes, and whether one sees what another writes."""
        account = Account(trials=trials, seed=plan.seed)
        holds, deciding = one_memory(account)
        return Row(
            row=self.name,
            question=self.question,
            fact="memory of a further worker, USS, shared with nobody",
            columns=columns(account),
            claim=self.claim,
            holds=holds,
            evidence=Evidence(
                deciding=deciding,
                facts=facts(plan, account),
                claims=claims(account),
                tables=tables(plan, account),
                notes=notes(plan, account),
            ),
        )


MEMORY: Final = MemoryRow()
