"""By when a crew must have made its workers: thousands would take many minutes to start."""

from __future__ import annotations

import time
from typing import Final

__all__ = ["SECONDS_TO_START", "Deadline"]

SECONDS_TO_START: Final = 60.0
"""A process or an interpreter takes a tenth of a second, many share the cores."""


class Deadline:
    """So many seconds from its making on."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds until then, never below zero."""
        return max(0.0, self._end - time.monotonic())

    def check(self) -> None:
        """Raise TimeoutError once it is over."""
        if not self.left():
            raise TimeoutError(f"they were not ready within {self._seconds:g} s")
