"""`creation`: how long it takes to have a worker, and what is left of it."""

from __future__ import annotations

from typing import Final

from gilbench.studies.comparison.creation.claims import claims, quick_to_create
from gilbench.studies.comparison.creation.course import course
from gilbench.studies.comparison.creation.ledger import Ledger
from gilbench.studies.comparison.creation.notes import notes
from gilbench.studies.comparison.creation.tables import facts, headline, tables
from gilbench.studies.comparison.inquiry import Inquiry

__all__ = ["CREATION"]

CREATION: Final = Inquiry(
    name="creation",
    question="How long does it take to have a worker, and to be done with it?",
    claim="Threads are quick to create, processes slow.",
    course=course,
    digest=Ledger,
    outcome=quick_to_create,
    headline=headline,
    facts=facts,
    claims=claims,
    tables=tables,
    notes=notes,
)
