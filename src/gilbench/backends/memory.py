"""The memory that a gate stands in: of this process alone, or mapped by several."""

from __future__ import annotations

import mmap
import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gilbench._native import gate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gilbench._native.gate import GateCapsule

__all__ = ["map_gate", "private_gate", "shared_gate"]

_SHARED_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a file system in memory, where there is one


def private_gate() -> GateCapsule:
    """Return a gate for the threads and interpreters of this process."""
    return gate.on(mmap.mmap(-1, _room()))


@contextmanager
def shared_gate() -> Iterator[tuple[GateCapsule, Path]]:
    """Give a gate in memory that other processes map by its path, and take the file away after.

    A file on a disk would be written back now and then, and stall whoever touches it: memory is
    preferred.
    """
    folder = _SHARED_MEMORY if os.access(_SHARED_MEMORY, os.W_OK) else None
    descriptor, name = tempfile.mkstemp(prefix="gilbench-gate-", dir=folder)
    path = Path(name)
    try:
        try:
            os.ftruncate(descriptor, _room())
            memory = mmap.mmap(descriptor, _room())
        finally:
            os.close(descriptor)
        yield gate.on(memory), path
    finally:
        path.unlink(missing_ok=True)


def map_gate(path: str) -> GateCapsule:
    """Return the gate that another process made at `path`."""
    with Path(path).open("r+b") as file:
        return gate.on(mmap.mmap(file.fileno(), _room()))


def _room() -> int:
    return -(-gate.size() // mmap.PAGESIZE) * mmap.PAGESIZE
