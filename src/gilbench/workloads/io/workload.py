"""A workload that waits for something outside of the interpreter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gilbench.model import Mode
from gilbench.workloads.io.operation import IoTask, Operation

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["IoWorkload"]


@dataclass(frozen=True, kw_only=True)
class IoWorkload:
    """I/O by Python's own means or a library's: every call lets go of the GIL, and has work that
    holds it before and after.
    """

    text: str
    open: Callable[[], Operation]
    """Return an operation of one worker's. Raises InputError for what the user can mend."""
    grain_ns: int | None = None
    modes: tuple[Mode, ...] = (Mode.RELEASE,)
    has_native_twin: bool = False
    stoppable: bool = False
    shuts_out: bool = True
    bytes: int = 0

    def task(self) -> IoTask:
        """Return a worker's own operation, done once. Raises as `open` does."""
        return IoTask(self.open())
