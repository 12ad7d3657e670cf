"""How the ways and their figures are told in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench import quantities
from gilbench.comparison import Way

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gilbench.comparison import Unit
    from gilbench.studies.comparison.medians import Median

__all__ = ["each_way", "joined", "noun"]

_NOUNS: Final[Mapping[Way, tuple[str, str]]] = {
    Way.THREAD: ("a thread", "threads"),
    Way.INTERPRETER: ("a subinterpreter", "subinterpreters"),
    Way.FORK: ("a forked process", "forked processes"),
    Way.FORKSERVER: ("a forkserver process", "forkserver processes"),
    Way.SPAWN: ("a spawned process", "spawned processes"),
}


def noun(way: Way, *, many: bool = False) -> str:
    """Return `a thread`, or `threads`."""
    return _NOUNS[way][many]


def each_way(medians: Mapping[Way, Median | None], unit: Unit) -> str:
    """Return what each takes, such as `24 KiB with a thread and 2.7 MiB with a forked process`.

    Nothing of none.
    """
    parts = [
        f"{quantities.format(median.value, unit)} with {noun(way)}"
        for way, median in medians.items()
        if median is not None
    ]
    return joined(parts) if parts else ""


def joined(parts: Sequence[str]) -> str:
    """Return `a`, `a and b` or `a, b and c`."""
    *front, last = parts
    return f"{', '.join(front)} and {last}" if front else last
