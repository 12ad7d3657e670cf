"""`races`: what is lost when several update one thing at once, and what safety costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gilbench.comparison import Evidence, Row
from gilbench.studies.comparison.races.claims import claims, of_the_gil
from gilbench.studies.comparison.races.course import course
from gilbench.studies.comparison.races.notes import notes
from gilbench.studies.comparison.races.tables import columns, facts, tables
from gilbench.studies.comparison.races.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gilbench.comparison import FactsPlan, Trial
    from gilbench.studies.comparison.laboratory import Laboratory

__all__ = ["RACES", "RacesRow"]


@dataclass(frozen=True, kw_only=True)
class RacesRow:
    """Lost updates, counted."""

    name: str = "races"
    question: str = "What is lost when several update one thing at once?"
    claim: str = "The GIL makes `x += 1` safe."

    def measure(self, plan: FactsPlan, laboratory: Laboratory, budget_ns: int) -> Iterator[Trial]:
        """Yield rounds of races in all ways."""
        yield from course(self.name, plan, laboratory, budget_ns)

    def find(self, plan: FactsPlan, trials: Sequence[Trial]) -> Row:
        """Return the shares lost, and whether any form of an update lost some."""
        tally = Tally(trials=trials, seed=plan.seed)
        holds, deciding = of_the_gil(tally)
        return Row(
            row=self.name,
            question=self.question,
            fact="updates lost that nothing makes safe",
            columns=columns(tally),
            claim=self.claim,
            holds=holds,
            evidence=Evidence(
                deciding=deciding,
                facts=facts(tally),
                claims=claims(tally),
                tables=tables(tally),
                notes=notes(plan, tally),
            ),
        )


RACES: Final = RacesRow()
