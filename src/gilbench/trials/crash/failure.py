"""The ways in which a worker fails, each a real one."""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import suppress
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from gilbench._native import fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["BYTES_WANTED", "Act", "Failure", "prepared", "why_unavailable"]

EXIT_STATUS: Final = 3
"""With which a worker leaves that leaves on its own account: no signal, and not Python's own 1."""

_MIB: Final = 2**20
BYTES_WANTED: Final = 96 * _MIB
"""What a task wants when memory has run out: more than is left, and less than there was before."""

# What a process may have until its memory runs out, in which pieces it is taken, and how much is
# left for small things: without it an interpreter cannot even tell what is wrong.
_BYTES_LEFT: Final = 192 * _MIB
_BYTES_AT_A_TIME: Final = 8 * _MIB
_PIECES_LEFT: Final = 2
# By then it is clear that there is no limit: the allocator has something in reserve, not so much.
_MOST_PIECES: Final = 256
# Each level takes 80 bytes of stack or more: twice the usual 8 MiB.
_LEVELS: Final = 200_000
# As good as for ever for who waits, but nothing that is left by mistake stays for ever.
_SECONDS_OF_A_HANG: Final = 60


class Failure(StrEnum):
    """What goes wrong in a worker."""

    NULL_READ = "null-read"
    ABORT = "abort"
    EXIT = "exit"
    OVERFLOW = "overflow"
    MEMORY = "memory"
    KILL = "kill"
    EXCEPTION = "exception"
    SYSTEM_EXIT = "system-exit"
    HANG = "hang"


class Act:
    """A failure that is prepared: `call` fails, and `by` says by what call."""

    __slots__ = ("by", "call")

    def __init__(self, by: str, call: Callable[[], object]) -> None:
        self.by = by
        self.call = call


def why_unavailable(failure: Failure) -> str | None:
    """Return why there is no such failure here, or null where there is."""
    if failure is Failure.KILL and not hasattr(signal, "SIGKILL"):
        return f"{sys.platform} has no SIGKILL"
    if failure is Failure.MEMORY and sys.platform != "linux":
        return f"{sys.platform} does not limit a process's memory by RLIMIT_AS"
    return None


def prepared(failure: Failure) -> Act:
    """Return what fails at once when it is called: what takes time is done here."""
    return _PREPARED[failure]()


def _kill() -> Act:
    return Act("os.kill(os.getpid(), SIGKILL)", lambda: os.kill(os.getpid(), signal.SIGKILL))


def _overflow() -> Act:
    """Nest iterators: each level calls the next in C, where nothing counts the levels."""
    nested: object = iter(())
    for _ in range(_LEVELS):
        nested = map(abs, nested)  # type: ignore[call-overload]
    return Act(f"next() of {_LEVELS} nested iterators", lambda: next(nested, None))  # type: ignore[call-overload]


def _out_of_memory() -> Act:
    """Limit this process, and take what it may have but for a little."""
    assert sys.platform == "linux"
    import resource

    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - pathlib loads slowly
        size = int(file.read().split()[0]) * resource.getpagesize()
    most = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (size + _BYTES_LEFT, most))
    taken: list[bytes] = []
    with suppress(MemoryError):
        while len(taken) < _MOST_PIECES:
            taken.append(bytes(_BYTES_AT_A_TIME))
    del taken[-_PIECES_LEFT:]
    # What was taken lasts as long as the error does, whose traceback leads here.
    return Act(f"bytes({BYTES_WANTED}) beyond RLIMIT_AS", lambda: (bytes(BYTES_WANTED), taken))


def _raise() -> None:
    raise ValueError("this worker fails")


_PREPARED: Final[Mapping[Failure, Callable[[], Act]]] = {
    # Native: ctypes is not for every subinterpreter, and on Windows makes an exception of it.
    Failure.NULL_READ: lambda: Act("fault.null_read()", fault.null_read),
    Failure.ABORT: lambda: Act("os.abort()", os.abort),
    Failure.EXIT: lambda: Act(f"os._exit({EXIT_STATUS})", lambda: os._exit(EXIT_STATUS)),
    Failure.OVERFLOW: _overflow,
    Failure.MEMORY: _out_of_memory,
    Failure.KILL: _kill,
    Failure.EXCEPTION: lambda: Act("raise ValueError", _raise),
    Failure.SYSTEM_EXIT: lambda: Act(f"sys.exit({EXIT_STATUS})", lambda: sys.exit(EXIT_STATUS)),
    Failure.HANG: lambda: Act("a wait without end", lambda: time.sleep(_SECONDS_OF_A_HANG)),
}
