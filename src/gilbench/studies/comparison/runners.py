"""Who runs the workers of each way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench import backends
from gilbench.comparison import Way

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["BACKENDS", "BASE", "WAYS", "process_way"]

BACKENDS: Final[Mapping[Way, str]] = {
    Way.THREAD: "threads",
    Way.INTERPRETER: "interpreters",
    Way.FORK: "fork",
    Way.FORKSERVER: "forkserver",
    Way.SPAWN: "spawn",
}
"""The backend of each way."""

WAYS: Final[Mapping[str, Way]] = {backend: way for way, backend in BACKENDS.items()}
"""The way of each backend."""

BASE: Final = "serial"
"""The backend of the one worker that those of every way are compared with."""


def process_way() -> Way:
    """Return the start method that stands for all where the start itself is not what counts."""
    fork = backends.find(BACKENDS[Way.FORK])
    return Way.FORK if backends.why_unavailable(fork) is None else Way.SPAWN
