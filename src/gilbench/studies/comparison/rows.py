"""The rows of the table, in their order. A new one is an entry here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench.errors import InputError, nearest
from gilbench.studies.comparison.communication import COMMUNICATION
from gilbench.studies.comparison.cpu_bound import CPU_BOUND
from gilbench.studies.comparison.crash import CRASH
from gilbench.studies.comparison.creation import CREATION
from gilbench.studies.comparison.gil import GIL
from gilbench.studies.comparison.io_bound import IO_BOUND
from gilbench.studies.comparison.memory import MEMORY
from gilbench.studies.comparison.races import RACES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gilbench.studies.comparison.row import RowStudy

__all__ = ["ROWS", "chosen"]

_IN_ORDER: Final[tuple[RowStudy, ...]] = (
    MEMORY,
    GIL,
    CREATION,
    COMMUNICATION,
    CRASH,
    RACES,
    CPU_BOUND,
    IO_BOUND,
)

ROWS: Final[Mapping[str, RowStudy]] = {row.name: row for row in _IN_ORDER}
"""By their names."""


def chosen(names: Sequence[str]) -> tuple[str, ...]:
    """Return the rows named, each once, in the table's order; all where none is named.

    Raises InputError for an unknown one.
    """
    for name in names:
        if name not in ROWS:
            raise InputError(f"there is no row {name!r}{nearest(name, ROWS)}")
    return tuple(name for name in ROWS if name in names or not names)
