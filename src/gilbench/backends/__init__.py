"""Who runs the workers: a registry of backends by name, and what others offer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench.backends.backend import Backend, Crew, WorkerFailedError, WorkerRefusedError
from gilbench.backends.in_process import SERIAL, THREADS
from gilbench.backends.interpreters import INTERPRETERS
from gilbench.backends.native import NATIVE
from gilbench.backends.offered import (
    offered_backend,
    offered_listings,
    offered_names,
    why_unavailable,
)
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
    "names",
    "why_unavailable",
]

BACKENDS: Final[Mapping[str, Backend]] = {
    backend.name: backend for backend in (SERIAL, THREADS, INTERPRETERS, *PROCESSES, NATIVE)
}


def find(name: str) -> Backend:
    """Return the backend of that name. Raises InputError, with the nearest name.

    Other distributions are asked only for what is not built in.
    """
    found = BACKENDS.get(name) or offered_backend(name)
    if found is not None:
        return found
    raise InputError(f"unknown backend {name!r}{nearest(name, names())}")


def names() -> tuple[str, ...]:
    """Return the names that there are, ours first. What others offer is not loaded for it."""
    return (*BACKENDS, *offered_names(BACKENDS))


def catalogue() -> tuple[Listing, ...]:
    """Return all backends, ours first, and why one cannot run here."""
    ours = (
        Listing(
            name=backend.name,
            summary=backend.summary,
            parameters="",
            unavailable=backend.unavailable(),
        )
        for backend in BACKENDS.values()
    )
    return (*ours, *offered_listings(BACKENDS))
