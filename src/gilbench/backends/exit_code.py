"""How a process ended, in words."""

from __future__ import annotations

import signal
from typing import Final

__all__ = ["describe_exit"]

# Windows: from here on an exit code is the number of an exception, known by its hexadecimal digits.
_FIRST_EXCEPTION: Final = 0x8000_0000


def describe_exit(code: int | None) -> str:
    """Return how a process ended, in words, from its exit code as `subprocess` tells it."""
    if code is None:
        return "was lost"
    if code < 0:
        try:
            return f"was killed by {signal.Signals(-code).name}"
        except ValueError:
            return f"was killed by signal {-code}"
    if code >= _FIRST_EXCEPTION:
        return f"was ended by exception 0x{code:X}"
    return f"exited with status {code}"
