"""`crash`: what one worker's failure takes along, in a thread, in a process, and in their pools."""

from __future__ import annotations

from typing import Final

from gilbench.studies.comparison.crash.claims import claims, of_crashes
from gilbench.studies.comparison.crash.course import course
from gilbench.studies.comparison.crash.notes import notes
from gilbench.studies.comparison.crash.scenes import Scenes
from gilbench.studies.comparison.crash.tables import facts, headline, tables
from gilbench.studies.comparison.inquiry import Inquiry

__all__ = ["CRASH"]

CRASH: Final = Inquiry(
    name="crash",
    question="What does one worker's failure take along?",
    claim=(
        "A crash in a thread takes the whole program along, a crash in a process only that process."
    ),
    course=course,
    digest=Scenes,
    outcome=of_crashes,
    headline=headline,
    facts=facts,
    claims=claims,
    tables=tables,
    notes=notes,
)
