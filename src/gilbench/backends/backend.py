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
        """Return a reading per worker of one sample, in the order of their numbers from 0.

        All `order.workers` workers must exist before the first passes the gate: making them is
        never measured. Raises WorkerFailedError for a worker that broke, WorkerRefusedError for
        work that cannot run in such a worker; after either, the crew can be asked again or closed.
        """

    def close(self) -> None:
        """End all workers; leave no thread, process, memory block or file. May be called again."""


class Backend(Protocol):
    """Who runs the workers. It is handed a description of the work, never live objects."""

    @property
    def name(self) -> str:
        """The name in plans and results: a column's title, and what is given to `--backends`."""

    @property
    def summary(self) -> str:
        """What it is, in one line."""

    @property
    def shares_the_gil(self) -> bool:
        """Whether its workers share one interpreter, and so its GIL where there is one.

        Then both modes of a workload are measured, in a longer window, and what workers are blocked
        beyond what one is blocked alone counts as GIL wait.
        """

    def unavailable(self) -> str | None:
        """Return why it cannot run on this platform and interpreter, or null.

        Asked in the process that plans too: it starts nothing.
        """

    def crew(self) -> Crew:
        """Return a crew without workers; `run` makes as many as it needs. In a host only."""
