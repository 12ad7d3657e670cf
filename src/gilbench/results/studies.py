"""Every study that has a file of its own. A new one is an entry here, and a part of `Stored`."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from gilbench.results.check import CHECK, StoredCheck
from gilbench.results.run import SCALING, StoredRun
from gilbench.results.study import Study

__all__ = ["STUDIES", "Stored", "StoredStudy"]

Stored: TypeAlias = StoredRun | StoredCheck

# Of a file nobody knows which study it is before it is read, so neither its plan's type.
StoredStudy: TypeAlias = Study[Any, Any, Stored]

STUDIES: Final[dict[str, StoredStudy]] = {study.name: study for study in (SCALING, CHECK)}
"""By their names in the header of a file."""
