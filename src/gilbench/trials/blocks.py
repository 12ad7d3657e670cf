"""Blocks of shared memory: only where there is room, and nothing is left of them."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from multiprocessing.shared_memory import SharedMemory
from typing import TYPE_CHECKING, Final

from gilbench.trials.tried import NoRoomError, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["needing_shared_memory", "shared_block", "shared_left"]

# Where Linux keeps shared memory (shm_overview(7)): a file system of a size of its own.
_SHARED: Final = "/dev/shm"  # noqa: S108 - nothing is written here by name


@contextmanager
def shared_block(bytes: int) -> Iterator[SharedMemory]:
    """Give a block of shared memory that is gone afterwards. Raises UnavailableError for none.

    The system gives it without having room for it, and ends who then writes there.
    """
    left = shared_left()
    if left is not None and left < bytes:
        raise UnavailableError(f"no shared memory: {left >> 10} KiB of it are left")
    with needing_shared_memory():
        block = SharedMemory(create=True, size=bytes)
    try:
        yield block
    finally:
        block.close()
        block.unlink()


@contextmanager
def needing_shared_memory() -> Iterator[None]:
    """Turn the system's refusal into UnavailableError, and into NoRoomError where that is why.

    Semaphores are in shared memory too.
    """
    try:
        yield
    except OSError as error:
        kind = NoRoomError if error.errno in {errno.ENOMEM, errno.ENOSPC} else UnavailableError
        raise kind(f"no shared memory: {error.strerror or error}") from error


def shared_left() -> int | None:
    """Return the bytes that can be had as shared memory, or null where nothing limits them."""
    if not os.path.ismount(_SHARED):
        return None
    system = os.statvfs(_SHARED)
    # One that has no limit counts no blocks.
    return system.f_bavail * system.f_frsize if system.f_blocks else None
