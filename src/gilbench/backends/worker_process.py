"""One process that works: multiprocessing starts it, or the zygote forks it."""

from __future__ import annotations

import multiprocessing
from typing import TYPE_CHECKING, Any, Final, Protocol

from gilbench.backends.serving import live

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from gilbench.backends.deadline import Deadline
    from gilbench.backends.zygote import Zygote

__all__ = ["SECONDS_TO_END", "ForkedWorker", "SpawnedWorker", "Worker"]

SECONDS_TO_END: Final = 2.0
"""How long one may take to end, once its connection is closed."""


class Worker(Protocol):
    """What a crew keeps: a process that serves orders at the other end of `connection`."""

    connection: Connection

    def exit_code(self) -> int | None:
        """Return how it ended, after its connection broke."""

    def end(self, deadline: Deadline) -> None:
        """Wait for its end, its connection being closed; kill it when that takes too long."""


class SpawnedWorker:
    """A worker that multiprocessing starts."""

    def __init__(self, method: str) -> None:
        context: Any = multiprocessing.get_context(method)
        ours, theirs = context.Pipe()
        # No daemon: those may not have children, and the user's function may want some.
        self._process = context.Process(target=live, args=(theirs,), daemon=False)
        try:
            self._process.start()
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        self.connection: Connection = ours

    def exit_code(self) -> int | None:
        """Return how it ended, as `subprocess` tells it; null where it has not."""
        self._process.join(SECONDS_TO_END)
        code: int | None = self._process.exitcode
        return code

    def end(self, deadline: Deadline) -> None:
        """Wait for its end, and kill it when that takes too long."""
        self._process.join(deadline.left())
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._process.close()


class ForkedWorker:
    """A worker that the zygote forks."""

    def __init__(self, zygote: Zygote) -> None:
        self._zygote = zygote
        self.connection, self._pid = zygote.worker()

    def exit_code(self) -> int | None:
        """Return how it ended, by the zygote, whose child it is; null if nobody can tell."""
        return self._zygote.exit_code(self._pid)

    def end(self, deadline: Deadline) -> None:
        """Do nothing: the zygote sees to those that do not leave with their connection."""
