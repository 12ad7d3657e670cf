"""`communication`: how long data takes from worker to worker, by kind of channel and payload."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gilbench.comparison import Evidence, Row
from gilbench.studies.comparison.communication.claims import claims, threads_quickly
from gilbench.studies.comparison.communication.course import course
from gilbench.studies.comparison.communication.notes import notes
from gilbench.studies.comparison.communication.paces import Paces
from gilbench.studies.comparison.communication.tables import columns, facts, headline, tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gilbench.comparison import FactsPlan, Trial
    from gilbench.studies.comparison.laboratory import Laboratory

__all__ = ["COMMUNICATION", "CommunicationRow"]


@dataclass(frozen=True, kw_only=True)
class CommunicationRow:
    """Round trips and streams through channels of many kinds."""

    name: str = "communication"
    question: str = "How long does data take from one worker to another?"
    claim: str = "Threads exchange data quickly, processes slowly."

    def measure(self, plan: FactsPlan, laboratory: Laboratory, budget_ns: int) -> Iterator[Trial]:
        """Yield passes over all channels."""
        yield from course(self.name, plan, laboratory, budget_ns)

    def find(self, plan: FactsPlan, trials: Sequence[Trial]) -> Row:
        """Return the round trips, which channels are quicker than which, and from which size on."""
        paces = Paces(trials=trials, seed=plan.seed)
        holds, deciding = threads_quickly(paces)
        return Row(
            row=self.name,
            question=self.question,
            fact=headline(paces),
            columns=columns(paces),
            claim=self.claim,
            holds=holds,
            evidence=Evidence(
                deciding=deciding,
                facts=facts(paces),
                claims=claims(paces),
                tables=tables(paces),
                notes=notes(plan, paces),
            ),
        )


COMMUNICATION: Final = CommunicationRow()
