"""A block of shared memory, of which nothing can be left."""

from __future__ import annotations

import mmap
import sys
from contextlib import suppress
from multiprocessing.shared_memory import SharedMemory
from typing import Any

from gilbench.comparison import Way
from gilbench.trials.blocks import needing_shared_memory

__all__ = ["Block"]


class Block:
    """Shared memory whose name is taken away as soon as can be."""

    def __init__(self, way: Way, size: int) -> None:
        """Make it. Raises UnavailableError where the system gives none."""
        # A fork has the memory without its name. Then nobody need track it, which takes a process.
        nameless = way is Way.FORK
        options: dict[str, Any] = {"track": not nameless} if sys.version_info >= (3, 13) else {}
        with needing_shared_memory():
            self._memory = SharedMemory(create=True, size=size, **options)
        self._named = True
        if nameless:
            self.forget_name()
        # A program makes such memory once, and uses it many times.
        self.data[:: mmap.PAGESIZE] = bytes(-(-len(self.data) // mmap.PAGESIZE))

    @property
    def data(self) -> memoryview:
        """Return the memory."""
        data = self._memory.buf
        assert data is not None  # it is not closed
        return data

    def forget_name(self) -> None:
        """Take the name away: who has the memory keeps it, and nothing is left of it after them."""
        if self._named:
            self._named = False
            self._memory.unlink()

    def close(self) -> None:
        """Let go of it. May be called again."""
        self.forget_name()
        # What still looks into it, from the frames of an error, keeps it until they are gone.
        with suppress(BufferError):
            self._memory.close()
