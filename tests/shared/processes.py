"""What is left of processes, and of this one's files."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import psutil

from waiting import becomes_true

if TYPE_CHECKING:
    from gilbench.experiment.link import HostProcess


def descriptors() -> int:
    """Return how many files this process has open."""
    process = psutil.Process()
    return process.num_handles() if sys.platform == "win32" else process.num_fds()


def runs(pid: int) -> bool:
    """Return whether a process has not ended; a zombie has."""
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


def gone_soon(pid: int, seconds: float = 10.0) -> bool:
    """Return whether a process ends within so many seconds."""
    return becomes_true(lambda: not runs(pid), seconds)


def session_of(host: HostProcess) -> list[psutil.Process]:
    """Return what runs of a host and all that it started, orphans among it."""
    if sys.platform == "win32":
        return psutil.Process().children(recursive=True)
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            in_session = os.getsid(process.pid) == host._process.pid
            if in_session and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found
