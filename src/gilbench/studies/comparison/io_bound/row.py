"""`io-bound`: what is best for work that waits?"""

from __future__ import annotations

from typing import Final

from gilbench.studies.comparison.inquiry import Inquiry
from gilbench.studies.comparison.io_bound.claims import claims
from gilbench.studies.comparison.io_bound.course import course
from gilbench.studies.comparison.io_bound.notes import notes
from gilbench.studies.comparison.io_bound.outcome import threads_as_good
from gilbench.studies.comparison.io_bound.paces import Paces
from gilbench.studies.comparison.io_bound.tables import facts, headline, tables

__all__ = ["IO_BOUND"]

IO_BOUND: Final = Inquiry(
    name="io-bound",
    question="What is best for work that waits?",
    claim="Threads do I/O-bound work as well as processes.",
    course=course,
    digest=Paces,
    outcome=threads_as_good,
    headline=headline,
    facts=facts,
    claims=claims,
    tables=tables,
    notes=notes,
)
