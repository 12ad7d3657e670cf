"""`races`: what is lost when several update one thing at once, and what safety costs."""

from __future__ import annotations

from typing import Final

from gilbench.studies.comparison.inquiry import Inquiry
from gilbench.studies.comparison.races.claims import claims, of_the_gil
from gilbench.studies.comparison.races.course import course
from gilbench.studies.comparison.races.notes import notes
from gilbench.studies.comparison.races.tables import facts, headline, tables
from gilbench.studies.comparison.races.tally import Tally

__all__ = ["RACES"]

RACES: Final = Inquiry(
    name="races",
    question="What is lost when several update one thing at once?",
    claim="The GIL makes `x += 1` safe.",
    course=course,
    digest=Tally,
    outcome=of_the_gil,
    headline=headline,
    facts=facts,
    claims=claims,
    tables=tables,
    notes=notes,
)
