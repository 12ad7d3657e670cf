"""What a workload is: the plug point for what one worker does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from gilbench.model import Mode
    from gilbench.worker import Task

__all__ = ["MOST_BYTES_KEPT", "Workload"]

# What all workers' states of one workload may take together to be kept from sample to sample: first
# touch takes longer than a window does, but on machines with many cores memory matters more.
MOST_BYTES_KEPT: Final = 2**29


class Workload(Protocol):
    """What one worker does, with its parameters bound: a description, which does no work itself.

    It is made again, from its text, in every process and interpreter that needs it: it must depend
    on nothing but that text, and cost little to make.
    """

    @property
    def text(self) -> str:
        """The canonical text, which names the workload in plans and results.

        `name` or `name:parameter=value,…`, without the grain. Whoever finds a workload by this text
        must find the same one.
        """

    @property
    def grain_ns(self) -> int | None:
        """A grain of its own, in place of the run's; null for the run's."""

    @property
    def modes(self) -> tuple[Mode, ...]:
        """The modes that it has, at least one; the first is that of its serial base.

        `HOLD` is a promise: in this mode a call never lets go of the GIL by itself. What the
        interpreter does (Python code gives way every switch interval) does not count.
        """

    @property
    def has_native_twin(self) -> bool:
        """Whether native threads can run it, as its ceiling: only where `Task.native` is a kernel
        of gilbench. Else processes are its ceiling.
        """

    @property
    def stoppable(self) -> bool:
        """Whether a call ends by itself, in the middle of its units, when the window does."""

    @property
    def shuts_out(self) -> bool:
        """Whether, with the GIL, some of its work keeps other threads out in any mode."""

    @property
    def bytes(self) -> int:
        """The memory that a worker's task takes, as far as it matters; 0 for a few kilobytes.

        A task is kept from sample to sample only while all workers' tasks together stay below
        `MOST_BYTES_KEPT`.
        """

    def task(self) -> Task:
        """Return the work of one worker, warm, its memory touched by the calling thread.

        Called once per worker, on its own thread, in its own interpreter or process. May raise
        whatever the work does not find here; it is told to the user in one line.
        """
