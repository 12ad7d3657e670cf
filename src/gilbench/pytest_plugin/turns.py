"""Turns that processes take, by a lock on a file that the system takes back when one dies."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["turn"]

_SECONDS_BETWEEN_TRIES: Final = 0.05


@contextmanager
def turn(path: Path) -> Iterator[None]:
    """Wait until no other process is in its turn by `path`, and be in ours within."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(descriptor)
        yield
    finally:
        # Closing it unlocks it.
        os.close(descriptor)


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        while True:
            try:
                msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            except OSError:
                time.sleep(_SECONDS_BETWEEN_TRIES)
            else:
                return

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        # Not flock: forked children would hold that too, and keep it when we die.
        fcntl.lockf(descriptor, fcntl.LOCK_EX)
