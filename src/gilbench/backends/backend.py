"""What a backend is: the plug point for who runs the workers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gilbench.model import Reading
    from gilbench.worker import Order

__all__ = ["Backend", "Crew", "WorkerFailedError", "WorkerRefusedError"]


class WorkerFailedError(Exception):
    """A worker raised, exited or was killed; the text says which and how."""


class WorkerRefusedError(WorkerFailedError):
    """What was asked for cannot run in such a worker, here or anywhere: the text says why."""


class Crew(Protocol):
    """Workers of one backend, kept from sample to sample."""

    def run(self, order: Order) -> Sequence[Reading]:
        """Return a reading per worker of one sample. Raises WorkerFailedError."""

    def close(self) -> None:
        """End all workers."""


class Backend(Protocol):
    """Who runs the workers. It is handed a description of the work, never live objects."""

    @property
    def name(self) -> str:
        """The name in plans and results."""

    @property
    def summary(self) -> str:
        """What it is, in one line."""

    @property
    def shares_the_gil(self) -> bool:
        """Whether its workers share one interpreter."""

    def unavailable(self) -> str | None:
        """Return why it cannot run on this platform and interpreter, or null."""

    def crew(self) -> Crew:
        """Return a crew without workers; `run` makes as many as it needs. In a host only."""
