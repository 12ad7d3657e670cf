"""What dies in silence: without a core, a dump or a dialogue."""

from __future__ import annotations

import faulthandler
import sys
import threading
from typing import Final

__all__ = ["be_quiet", "bound_stack"]

_BYTES_OF_STACK: Final = 8 * 2**20
# Of `SetErrorMode`: no box for a fault, nor for a critical error; nobody is there to answer.
_NO_BOXES: Final = 0x0001 | 0x0002


def be_quiet() -> None:
    """Have the death of this process, and of those that it starts, leave no trace."""
    faulthandler.disable()
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.kernel32.SetErrorMode(_NO_BOXES)
        return
    import resource

    # Linux hands the core of a process to a program that collects them, as many systems have it set
    # up, with a limit of 0 too; with one of 1 byte it does not, and writes no file either.
    most = resource.getrlimit(resource.RLIMIT_CORE)[1]
    limit = 1 if sys.platform == "linux" and most != 0 else 0
    resource.setrlimit(resource.RLIMIT_CORE, (limit, limit))


def bound_stack() -> None:
    """Have a stack overflow come as soon as it usually does, whatever the user's shell allows."""
    if sys.platform == "win32":
        return
    import resource

    limit, most = resource.getrlimit(resource.RLIMIT_STACK)
    if limit == resource.RLIM_INFINITY or limit > _BYTES_OF_STACK:
        resource.setrlimit(resource.RLIMIT_STACK, (_BYTES_OF_STACK, most))
        threading.stack_size(_BYTES_OF_STACK)
