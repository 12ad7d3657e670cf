"""How the end of a host's process is seen, and brought about."""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import subprocess

__all__ = ["await_end", "end_group", "has_ended"]

_SECONDS_BETWEEN_LOOKS: Final = 0.005


def await_end(process: subprocess.Popen[str], seconds: float) -> bool:
    """Return whether a process ends within so many seconds; on POSIX it is not reaped."""
    give_up = time.monotonic() + seconds
    while process.returncode is None and not has_ended(process):
        if time.monotonic() > give_up:
            return False
        time.sleep(_SECONDS_BETWEEN_LOOKS)
    return True


def has_ended(process: subprocess.Popen[str]) -> bool:
    """Return whether a process has ended; on POSIX it is not reaped."""
    if sys.platform == "win32":
        return process.poll() is not None
    if hasattr(os, "waitid"):
        with suppress(ChildProcessError):
            ended = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            return ended is not None
        return False
    import psutil  # macOS before Python 3.13

    with suppress(psutil.Error):
        return bool(psutil.Process(process.pid).status() == psutil.STATUS_ZOMBIE)
    return False


def end_group(process: subprocess.Popen[str]) -> None:
    """Kill a host and its descendants, whatever they are doing, and its group.

    What descends from a host that has ended is nobody's by now, and left to `end_strays`.
    """
    import psutil

    descendants: list[psutil.Process] = []
    if not has_ended(process):
        with suppress(psutil.Error, OSError):
            descendants = psutil.Process(process.pid).children(recursive=True)
    for descendant in descendants:
        with suppress(psutil.Error, OSError):
            descendant.kill()
    if sys.platform == "win32":
        process.kill()
        return
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
