"""How the end of a host's process is seen, and brought about."""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from gilbench.experiment.strays import cleans_up

if TYPE_CHECKING:
    import subprocess

__all__ = ["await_end", "end_group", "end_tree", "has_ended"]

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


def end_tree(process: subprocess.Popen[str]) -> None:
    """Kill a host and its descendants, whatever they are doing, but those that clean up.

    They are left to `end_strays`, as is what descends from a host that has ended: it is nobody's by
    now.
    """
    import psutil

    descendants: list[psutil.Process] = []
    if not has_ended(process):
        with suppress(psutil.Error, OSError):
            descendants = psutil.Process(process.pid).children(recursive=True)
    for descendant in descendants:
        with suppress(psutil.Error, OSError):
            if not cleans_up(descendant):
                descendant.kill()
    if sys.platform == "win32":
        process.kill()
        return
    # Not by its own `kill`, which would reap it.
    with suppress(ProcessLookupError, PermissionError):
        os.kill(process.pid, signal.SIGKILL)


def end_group(process: subprocess.Popen[str]) -> None:
    """Kill what is left of a host's group. The host must not have been reaped: then its number may
    already be another's.
    """
    if sys.platform != "win32":
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
