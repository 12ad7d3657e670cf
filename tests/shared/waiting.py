"""Waiting for what comes in its own time."""

from __future__ import annotations

import time
from collections.abc import Callable


def becomes_true(
    condition: Callable[[], object], seconds: float = 5.0, *, every: float = 0.01
) -> bool:
    """Return whether the condition holds within so many seconds."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(every)
    return True
