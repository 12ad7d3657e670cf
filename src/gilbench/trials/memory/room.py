"""How large a payload fits."""

from __future__ import annotations

from typing import Final

from gilbench.machine.memory import memory_left
from gilbench.trials.tried import UnavailableError

__all__ = ["SMALLEST", "fitting"]

SMALLEST: Final = 2**20
"""What is smaller tells nothing."""

_BYTES_TO_LEAVE: Final = 64 * 2**20


def fitting(bytes: int, copies: int, shared: int | None = None) -> tuple[int, str | None]:
    """Return `bytes`, or half of it, a quarter and so on, so that `copies` of it fit; and why.

    `shared` is what is left for one copy in shared memory, null where nothing limits it. The reason
    is null where it fits as it is. Raises UnavailableError where not even 1 MiB fits.
    """
    left = memory_left()
    room = None if left is None else (left - _BYTES_TO_LEAVE) // copies
    limits = [limit for limit in (room, shared) if limit is not None]
    most = min(limits, default=bytes)
    wanted = bytes
    while bytes > most:
        bytes //= 2
        if bytes < SMALLEST:
            raise UnavailableError(f"too little memory: {max(0, most) >> 10} KiB are left for it")
    if bytes == wanted:
        return bytes, None
    return bytes, f"{bytes >> 20} MiB in place of {wanted >> 20} MiB: no more memory was left"
