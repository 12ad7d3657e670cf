"""The memory that a gate stands in: of this process alone, or mapped by several."""

from __future__ import annotations

import mmap
import os
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from gilbench._native import gate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gilbench._native.gate import GateCapsule

__all__ = ["map_gate", "private_gate", "shared_gate"]


def private_gate() -> GateCapsule:
    """Return a gate for the threads and interpreters of this process."""
    return gate.on(mmap.mmap(-1, _room()))


@contextmanager
def shared_gate() -> Iterator[tuple[GateCapsule, str]]:
    """Give a gate in memory that other processes can map, by its path, until the end of the block.

    Where the system has files without a name (Linux), or memory with one (Windows), nothing can be
    left of it.
    """
    if sys.platform == "win32":
        # A file that somebody has mapped cannot be removed there.
        tag = f"gilbench-gate-{os.urandom(8).hex()}"
        entrance = gate.on(mmap.mmap(-1, _room(), tagname=tag))
        gate.reset(entrance, 1, 1)
        yield entrance, tag
        return
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("gilbench-gate")
        path = Path(f"/proc/{os.getpid()}/fd/{descriptor}")
        remove = False
    else:
        descriptor, name = tempfile.mkstemp(prefix="gilbench-gate-")
        path = Path(name)
        remove = True
    try:
        os.ftruncate(descriptor, _room())
        yield gate.on(mmap.mmap(descriptor, _room())), str(path)
    finally:
        os.close(descriptor)
        if remove:
            path.unlink(missing_ok=True)


def map_gate(path: str) -> GateCapsule:
    """Return the gate that another process made at `path`. Raises OSError when it is gone."""
    if sys.platform == "win32":
        entrance = gate.on(mmap.mmap(-1, _room(), tagname=path))
        try:
            gate.at(gate.address(entrance))
        except ValueError:
            # For a name that is gone the system gives new memory, in which nobody made a gate.
            raise FileNotFoundError(f"the gate {path} is gone") from None
        return entrance
    with Path(path).open("r+b") as file:
        return gate.on(mmap.mmap(file.fileno(), _room()))


def _room() -> int:
    return -(-gate.size() // mmap.PAGESIZE) * mmap.PAGESIZE
