"""`crash`: what one worker's failure takes along, in a thread, in a process, and in their pools."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gilbench.comparison import Evidence, Row
from gilbench.studies.comparison.crash.claims import claims, of_crashes
from gilbench.studies.comparison.crash.course import course
from gilbench.studies.comparison.crash.notes import notes
from gilbench.studies.comparison.crash.scenes import Scenes
from gilbench.studies.comparison.crash.tables import columns, facts, tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gilbench.comparison import FactsPlan, Trial
    from gilbench.studies.comparison.laboratory import Laboratory

__all__ = ["CRASH", "CrashRow"]


@dataclass(frozen=True, kw_only=True)
class CrashRow:
    """Failures, each a real one, and what became of all others."""

    name: str = "crash"
    question: str = "What does one worker's failure take along?"
    claim: str = (
        "A crash in a thread takes the whole program along, a crash in a process only that process."
    )

    def measure(self, plan: FactsPlan, laboratory: Laboratory, budget_ns: int) -> Iterator[Trial]:
        """Yield what failures take along, a trial for each place."""
        yield from course(self.name, plan, laboratory, budget_ns)

    def find(self, plan: FactsPlan, trials: Sequence[Trial]) -> Row:
        """Return what a null-pointer read takes along, and what becomes of the claim."""
        scenes = Scenes(trials, plan.seed)
        holds, deciding = of_crashes(scenes)
        return Row(
            row=self.name,
            question=self.question,
            fact="what a null-pointer read takes along",
            columns=columns(scenes),
            claim=self.claim,
            holds=holds,
            evidence=Evidence(
                deciding=deciding,
                facts=facts(scenes),
                claims=claims(scenes),
                tables=tables(scenes),
                notes=notes(plan, scenes),
            ),
        )


CRASH: Final = CrashRow()
