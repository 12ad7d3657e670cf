"""How much memory a process has, as its system tells it."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gilbench.trials.memory import labour
from gilbench.trials.tried import UnavailableError

__all__ = ["Reading", "of_process", "others_pss", "own", "why_no_pss"]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Bytes: all pages that are here, each by its sharers, and those that nobody shares.

    Null is what the system does not tell.
    """

    rss: int
    pss: int | None = None
    uss: int | None = None


def why_no_pss() -> str:
    """Return why there are no proportional sizes where a reading has none."""
    match sys.platform:
        case "darwin":
            return "macOS does not tell proportional sizes (PSS)"
        case "win32":
            return "Windows does not tell proportional sizes (PSS)"
        case _:
            return "this system has no /proc/self/smaps_rollup"


def own() -> Reading:
    """Return the memory of this process. Raises UnavailableError."""
    told = labour.memory()
    return Reading(**told) if told else of_process(os.getpid())


def of_process(pid: int) -> Reading:
    """Return what the system tells of another process: no proportional size.

    On macOS the unshared part is its physical footprint, on Windows its private bytes. Raises
    UnavailableError where this process may not know, or nobody can.
    """
    match sys.platform:
        case "darwin":
            return _of_process_on_macos(pid)
        case "win32":
            return _of_process_on_windows(pid)
        case _:
            return _of_process_by_statm(pid)


def others_pss(but: set[int]) -> int | None:
    """Return the proportional memory of this process's children but some, or null if unknown.

    They share pages with the workers, though they are none: a zygote, a fork server. Children of
    children count too.
    """
    total = 0
    waiting = _children(os.getpid())
    try:
        while waiting:
            pid = waiting.pop()
            if pid in but:
                continue
            waiting += _children(pid)
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) * 1024
    except OSError:
        return None
    return total


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        found += map(int, task.read_text("ascii").split())
    return found


def _of_process_by_statm(pid: int) -> Reading:
    import resource

    try:
        resident = Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]
    except (OSError, IndexError) as error:
        raise UnavailableError("this system does not tell the memory of a process") from error
    return Reading(rss=int(resident) * resource.getpagesize())


def _of_process_on_macos(pid: int) -> Reading:
    import ctypes

    class Usage(ctypes.Structure):
        """`rusage_info_v0` of <sys/resource.h>."""

        _fields_ = (
            ("uuid", ctypes.c_uint8 * 16),
            ("times_and_counts", ctypes.c_uint64 * 5),
            ("wired", ctypes.c_uint64),
            ("resident", ctypes.c_uint64),
            ("footprint", ctypes.c_uint64),
            ("start_and_end", ctypes.c_uint64 * 2),
        )

    usage = Usage()
    if ctypes.CDLL(None).proc_pid_rusage(pid, 0, ctypes.byref(usage)) != 0:
        raise UnavailableError("macOS does not let this process know the memory of its workers")
    return Reading(rss=usage.resident, uss=usage.footprint)


def _of_process_on_windows(pid: int) -> Reading:
    import ctypes

    class Counters(ctypes.Structure):
        """`PROCESS_MEMORY_COUNTERS_EX` of <psapi.h>."""

        _fields_ = (
            ("bytes", ctypes.c_uint32),
            ("faults", ctypes.c_uint32),
            ("peak_working_set", ctypes.c_size_t),
            ("working_set", ctypes.c_size_t),
            ("pools", ctypes.c_size_t * 4),
            ("paged", ctypes.c_size_t),
            ("peak_paged", ctypes.c_size_t),
            ("private", ctypes.c_size_t),
        )

    windows: Any = ctypes
    kernel = windows.WinDLL("kernel32", use_last_error=True)
    kernel.OpenProcess.restype = ctypes.c_void_p
    query_limited_information_and_read = 0x1000 | 0x10
    handle = kernel.OpenProcess(query_limited_information_and_read, False, pid)
    counters = Counters(bytes=ctypes.sizeof(Counters))
    try:
        if not handle or not kernel.K32GetProcessMemoryInfo(
            ctypes.c_void_p(handle), ctypes.byref(counters), counters.bytes
        ):
            raise UnavailableError("Windows does not let this process know its workers' memory")
    finally:
        if handle:
            kernel.CloseHandle(ctypes.c_void_p(handle))
    return Reading(rss=counters.working_set, uss=counters.private)
