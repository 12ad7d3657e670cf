"""Whether there is room for the workers of a sample, asked before the first of them is made.

Thousands of workers that do not fit would be noticed only when the system has run out of memory,
and what it ends then is its own choice.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gilbench.machine.interpreter import default_start_method

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["descriptors_left", "shortage"]

# Where a process finds its open descriptors, one name each (proc(5); fd(4) on macOS).
_OPEN: Final = "/dev/fd"


@dataclass(frozen=True, kw_only=True)
class _Needs:
    """What one worker that does nothing takes: bytes of memory, and descriptors of its host."""

    bytes: int
    descriptors: int


# What was seen on Linux x86-64 with Python 3.11 to 3.14, rounded up.
_NEEDS: Final[Mapping[str, _Needs]] = {
    "native": _Needs(bytes=2**16, descriptors=0),
    "threads": _Needs(bytes=2**17, descriptors=0),
    "interpreters": _Needs(bytes=10 * 2**20, descriptors=2),
    "fork": _Needs(bytes=3 * 2**20, descriptors=1),
    "forkserver": _Needs(bytes=9 * 2**20, descriptors=2),
    "spawn": _Needs(bytes=9 * 2**20, descriptors=2),
}
_UNKNOWN: Final = _Needs(bytes=0, descriptors=0)


def shortage(
    backend: str,
    workers: int,
    bytes_each: int,
    *,
    made: int,
    working: int,
    memory: int | None,
    descriptors: int | None,
) -> str | None:
    """Return what so many workers would want more of than there is, or null where they fit.

    `bytes_each` is what the work itself takes. So many are `made` already, and so many have the
    memory of their work already: those take nothing more. `memory` and `descriptors` are what is
    left; what is null limits nothing.
    """
    method = default_start_method() if backend == "processes" else backend
    needs = _NEEDS.get(method, _UNKNOWN)
    new = max(0, workers - made)
    bytes = new * needs.bytes + max(0, workers - working) * bytes_each
    who = _many(workers)
    more = " more" if made or working else ""
    if memory is not None and bytes > memory:
        return f"{who} would take {_gib(bytes)}{more} of memory, and {_gib(memory)} is left"
    wanted = new * needs.descriptors
    if descriptors is not None and wanted > descriptors:
        return (
            f"{who} would take {wanted}{more} open files, and this process may open {descriptors}"
            " (ulimit -n)"
        )
    return None


def descriptors_left() -> int | None:
    """Return how many descriptors this process may still open, or null where nothing limits them.

    Where the system does not show those that are open, as many as it may have at all.
    """
    if sys.platform == "win32":
        return None
    import resource

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return None
    try:
        # One of them is that of the folder itself.
        return max(0, soft - len([*Path(_OPEN).iterdir()]) + 1)
    except OSError:
        return soft


def _many(workers: int) -> str:
    return "1 worker" if workers == 1 else f"{workers} workers"


def _gib(count: int) -> str:
    return f"{count / 2**30:.1f} GiB"
