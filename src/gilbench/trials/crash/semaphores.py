"""The named semaphores of multiprocessing's pools, which outlast processes that are killed.

Its resource tracker removes them when their processes have ended, unless it is killed with them. So
those of a scene have names of their own, by the process that had it played and that one's parent,
and are swept away afterwards: by either, since a host may be ended in the middle.
"""

from __future__ import annotations

import os
import sys
from typing import Any, Final

__all__ = ["SWEPT", "name_after", "owner", "sweep"]

SWEPT: Final = sys.platform == "linux"
"""Whether those that are left can be found; else the tracker is left to its work."""

_FOLDER: Final = "/dev/shm"  # noqa: S108 - where Linux keeps them


def owner() -> str:
    """Return what the semaphores of scenes that this process has played are named after."""
    return f"{os.getppid()}-{os.getpid()}"


def name_after(owner: str) -> None:
    """Name what semaphores this process makes from now on after their owner."""
    if SWEPT:
        import multiprocessing

        process: Any = multiprocessing.current_process()
        process._config["semprefix"] = f"/{_prefix(owner)}"  # noqa: SLF001 - there is no other way


def sweep(owner: str) -> None:
    """Remove what an owner's scenes left, once none of them goes on.

    `owner` may also be the number of the parent alone.
    """
    if SWEPT:
        from pathlib import Path

        for left in Path(_FOLDER).glob(f"sem.{_prefix(owner)}-*"):
            left.unlink(missing_ok=True)


def _prefix(owner: str) -> str:
    return f"gilbench-{owner}"
