"""Who runs the workers: a registry of backends by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench.backends.backend import Backend, Crew, WorkerFailedError, WorkerRefusedError
from gilbench.backends.in_process import SERIAL, THREADS
from gilbench.backends.interpreters import INTERPRETERS
from gilbench.backends.native import NATIVE
from gilbench.backends.processes import PROCESSES
from gilbench.errors import InputError, nearest
from gilbench.model import Listing

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "BACKENDS",
    "Backend",
    "Crew",
    "WorkerFailedError",
    "WorkerRefusedError",
    "catalogue",
    "find",
]

BACKENDS: Final[Mapping[str, Backend]] = {
    backend.name: backend for backend in (SERIAL, THREADS, INTERPRETERS, *PROCESSES, NATIVE)
}


def find(name: str) -> Backend:
    """Return the backend of that name. Raises InputError, with the nearest name."""
    try:
        return BACKENDS[name]
    except KeyError:
        raise InputError(f"unknown backend {name!r}{nearest(name, BACKENDS)}") from None


def catalogue() -> tuple[Listing, ...]:
    """Return all backends, and why one cannot run here."""
    return tuple(
        Listing(
            name=backend.name,
            summary=backend.summary,
            parameters="",
            unavailable=backend.unavailable(),
        )
        for backend in BACKENDS.values()
    )
