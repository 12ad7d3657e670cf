"""Workers as their caller sees them: what it can ask of them, whatever they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["DONE", "WORKERS", "Crew", "Pending", "process_lives", "thread_lives"]

WORKERS: Final = 2
"""How many a pool has: one that fails, and its neighbour."""

DONE: Final = "done"
"""How a task ended that did what it was to do."""


class Pending(Protocol):
    """A task that was given to a worker."""

    def wait(self, seconds: float) -> str | None:
        """Return how it ended: `DONE`, or what the caller is told instead; null if it has not."""

    def kill(self) -> bool:
        """End its worker by force. Return false where there is no way to."""


class Crew(Protocol):
    """Workers of one kind."""

    queues: bool
    """Whether tasks queue for a worker, as in a pool; else each has a worker of its own."""

    def submit(self, function: Callable[..., object], *arguments: object) -> Pending:
        """Give a task to a worker. Raises what the crew raises when it takes none."""

    def lives(self, worker: str) -> bool:
        """Return whether a worker, by its process and thread, could still do something."""


def thread_lives(worker: str) -> bool:
    """Return whether a worker's thread has not ended."""
    import threading

    return worker.partition("/")[2] in {str(each.ident) for each in threading.enumerate()}


def process_lives(worker: str) -> bool:
    """Return whether a worker's process, which multiprocessing started, has not ended."""
    import multiprocessing

    return worker.partition("/")[0] in {str(each.pid) for each in multiprocessing.active_children()}
