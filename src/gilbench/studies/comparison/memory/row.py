"""`memory`: what each further worker costs, what it shares, and whether it is one memory."""

from __future__ import annotations

from typing import Final

from gilbench.studies.comparison.inquiry import Inquiry
from gilbench.studies.comparison.memory.account import Account
from gilbench.studies.comparison.memory.claims import claims, one_memory
from gilbench.studies.comparison.memory.course import course
from gilbench.studies.comparison.memory.notes import notes
from gilbench.studies.comparison.memory.tables import facts, headline, tables

__all__ = ["MEMORY"]

MEMORY: Final = Inquiry(
    name="memory",
    question="What does each further worker cost in memory, and what does it share?",
    claim="Threads share memory, processes do not.",
    course=course,
    digest=Account,
    outcome=one_memory,
    headline=headline,
    facts=facts,
    claims=claims,
    tables=tables,
    notes=notes,
)
