"""Ways of running: the columns of the table, and what each is called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gilbench.model import Mode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gilbench.model import CaseFinding, Curve, Environment

__all__ = ["Way", "is_foreign", "title", "ways_of"]

# What the others are judged by: they stand in the ceiling column, or nowhere.
_BASES: Final = frozenset({"serial", "native"})
_ORDER: Final = (
    "serial",
    "threads",
    "interpreters",
    "processes",
    "fork",
    "forkserver",
    "spawn",
    "native",
)


@dataclass(frozen=True, kw_only=True)
class Way:
    """A way of running. `mode` is null for a backend that ran every workload in one mode only."""

    backend: str
    mode: Mode | None

    def ran(self, case: CaseFinding | Curve) -> bool:
        """Return whether `case` ran this way."""
        return case.backend == self.backend and self.mode in {None, case.mode}


def ways_of(cases: Iterable[CaseFinding]) -> tuple[Way, ...]:
    """Return the ways of these cases as the table orders them.

    Threads always tell their modes apart. The bases count as ways only where nothing else ran.
    """
    modes: dict[str, dict[str, set[Mode]]] = {}
    for case in cases:
        modes.setdefault(case.backend, {}).setdefault(case.workload, set()).add(case.mode)
    chosen = sorted(modes.keys() - _BASES or modes, key=_rank)
    return tuple(way for backend in chosen for way in _told_apart(backend, modes[backend]))


def is_foreign(backend: str) -> bool:
    """Return whether a backend is not one of gilbench's own, but another distribution's."""
    return backend not in _ORDER


def title(way: Way, environment: Environment) -> str:
    """Return what `way` is called, such as `threads, holding`.

    Where there is no GIL, a thread does not hold it: it stays attached.
    """
    if way.mode is None:
        return way.backend
    holding, releasing = (
        ("holding", "releasing") if environment.gil_enabled else ("attached", "detached")
    )
    return f"{way.backend}, {holding if way.mode is Mode.HOLD else releasing}"


def _rank(backend: str) -> tuple[int, str]:
    return (_ORDER.index(backend) if backend in _ORDER else len(_ORDER), backend)


def _told_apart(backend: str, modes: dict[str, set[Mode]]) -> list[Way]:
    if backend != "threads" and all(len(ran) == 1 for ran in modes.values()):
        return [Way(backend=backend, mode=None)]
    ran = set().union(*modes.values())
    return [Way(backend=backend, mode=mode) for mode in Mode if mode in ran]
