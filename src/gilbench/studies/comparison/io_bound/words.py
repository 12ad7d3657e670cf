"""How those who do I/O are told in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gilbench import quantities
from gilbench.studies.analysis.words import count
from gilbench.studies.comparison.ways import noun

if TYPE_CHECKING:
    from gilbench.comparison import Unit, Way
    from gilbench.studies.comparison.medians import Median

__all__ = ["capital", "heading", "told", "workers"]


def heading(way: Way | None) -> str:
    """Return the heading of a column: `threads`, `asyncio`."""
    return "asyncio" if way is None else noun(way, many=True)


def workers(way: Way | None, number: int) -> str:
    """Return `eight threads`, or `eight tasks of asyncio`."""
    if way is None:
        return f"{count(number)} {'tasks' if number > 1 else 'task'} of asyncio"
    if number == 1:
        return noun(way).replace("a ", "one ", 1)
    return f"{count(number)} {noun(way, many=True)}"


def told(median: Median, unit: Unit) -> str:
    """Return a figure as people read it."""
    return quantities.format(median.value, unit)


def capital(sentence: str) -> str:
    """Return it with a capital at its start."""
    return sentence[:1].upper() + sentence[1:]
