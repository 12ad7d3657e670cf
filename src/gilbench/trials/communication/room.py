"""Whether there is room for a payload."""

from __future__ import annotations

from typing import Final

from gilbench.machine.memory import memory_left
from gilbench.sizes import format_size
from gilbench.trials.blocks import shared_left

__all__ = ["why_no_room"]

# Both sides' objects, their pickles, and what is on its way: at most six; and some to spare.
_COPIES: Final = 8
# One there, one back.
_BLOCKS: Final = 2


def why_no_room(size: int, *, shared: bool) -> str | None:
    """Return why a payload of so many bytes would not fit, or null where it does, or nobody knows.

    `shared`: it goes by shared memory, which Linux keeps in a file system of a size of its own.
    What does not fit there would end the process that writes it.
    """
    need, left = _COPIES * size, memory_left()
    if left is not None and left < need:
        return f"too little memory: {_both(need, left)}"
    if shared:
        need, left = _BLOCKS * size, shared_left()
        # Beside the payload there is a byte that tells of the end.
        if left is not None and left <= need:
            return f"too little shared memory: {_both(need, left)}"
    return None


def _both(need: int, left: int) -> str:
    return f"{format_size(need)} needed, {left // 2**20} MiB left"
