"""Every study that has a file of its own. A new one is an entry here, and a part of `Stored`."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from gilbench.results.check import CHECK, StoredCheck
from gilbench.results.facts import FACTS, StoredFacts
from gilbench.results.run import SCALING, StoredRun
from gilbench.results.study import Study

__all__ = ["STUDIES", "Stored", "StoredStudy", "noun_of"]

Stored: TypeAlias = StoredRun | StoredCheck | StoredFacts

# Of a file nobody knows which study it is before it is read, so neither its plan's type.
StoredStudy: TypeAlias = Study[Any, Any, Stored]

STUDIES: Final[dict[str, StoredStudy]] = {study.name: study for study in (SCALING, CHECK, FACTS)}
"""By their names in the header of a file."""

_STORED: Final[dict[type[Stored], StoredStudy]] = {
    StoredRun: SCALING,
    StoredCheck: CHECK,
    StoredFacts: FACTS,
}


def noun_of(stored: Stored) -> str:
    """Return what a sentence calls that which was stored, such as `run`."""
    return _STORED[type(stored)].noun
