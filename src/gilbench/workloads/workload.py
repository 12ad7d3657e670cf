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
    """What one worker does, with its parameters bound."""

    @property
    def text(self) -> str:
        """The canonical text, which names the workload in plans and results."""

    @property
    def grain_ns(self) -> int | None:
        """A grain of its own, in place of the run's."""

    @property
    def modes(self) -> tuple[Mode, ...]:
        """The modes that it has; the first is that of its serial base."""

    @property
    def has_native_twin(self) -> bool:
        """Whether native threads can run it, as its ceiling."""

    @property
    def stoppable(self) -> bool:
        """Whether a call ends by itself when the window does."""

    @property
    def shuts_out(self) -> bool:
        """Whether, with the GIL, some of its work keeps other threads out in any mode."""

    @property
    def bytes(self) -> int:
        """The memory that a worker's task takes, as far as it matters."""

    def task(self) -> Task:
        """Return the work of one worker, warm, its memory touched by the calling thread."""
