"""Where what all workers of a host share lies, and how one of them makes it for all."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["HOST", "made_once", "shared_folder"]

HOST: Final = "GILBENCH_HOST"
"""The variable by which a host's processes know it: the folder that is taken away with it."""


def shared_folder() -> Path:
    """Return the folder of the host that this worker belongs to.

    Raises RuntimeError outside of a host, where nobody would take away what is left.
    """
    marked = os.environ.get(HOST)
    if not marked:
        raise RuntimeError("what workers share is in the folder of their host, and this is none")
    return Path(marked)


def made_once(name: str, make: Callable[[Path], None]) -> Path:
    """Return the path of what is called `name` in the shared folder, made by whoever asks first.

    `make` is handed the path, at which what it makes must appear whole. Others, in whatever thread,
    interpreter or process they are, wait for it meanwhile. Raises what `make` raises.
    """
    path = shared_folder() / name
    if not path.exists():
        with _locked(path.with_name(f"{name}.lock")):
            if not path.exists():
                make(path)
    return path


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Keep others out, as long as this thread is inside and its process lives."""
    with path.open("ab") as file:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            while True:
                try:
                    msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
                    break
                except OSError:  # after ten seconds, and another worker may take longer
                    continue
        else:
            import fcntl

            # With the file, which is this thread's own, the lock goes too.
            fcntl.flock(file.fileno(), fcntl.LOCK_EX)
        yield
