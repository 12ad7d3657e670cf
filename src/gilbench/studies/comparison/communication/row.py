"""`communication`: how long data takes from worker to worker, by kind of channel and payload."""

from __future__ import annotations

from typing import Final

from gilbench.studies.comparison.communication.claims import claims, threads_quickly
from gilbench.studies.comparison.communication.course import course
from gilbench.studies.comparison.communication.notes import notes
from gilbench.studies.comparison.communication.paces import Paces
from gilbench.studies.comparison.communication.tables import facts, headline, tables
from gilbench.studies.comparison.inquiry import Inquiry

__all__ = ["COMMUNICATION"]

COMMUNICATION: Final = Inquiry(
    name="communication",
    question="How long does data take from one worker to another?",
    claim="Threads exchange data quickly, processes slowly.",
    course=course,
    digest=Paces,
    outcome=threads_quickly,
    headline=headline,
    facts=facts,
    claims=claims,
    tables=tables,
    notes=notes,
)
