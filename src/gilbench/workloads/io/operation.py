"""One piece of I/O, to be done again and again by one worker."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Final, Protocol

from gilbench._native import meter as meters
from gilbench.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from gilbench._native.meter import MeterCapsule
    from gilbench.model import Mode

__all__ = ["IoTask", "MissingError", "Operation"]

_CHECKSUMS: Final = 2**64


class MissingError(InputError):
    """What an operation takes is not here: a library, or a file that can be made where such are.

    The text says what, and of a library how it is installed.
    """


class Operation(Protocol):
    """What one worker does over and over, with what it keeps open for it.

    It may be made by one thread and called by others, one at a time.
    """

    def __call__(self) -> int:
        """Do it once, and wait for it. Return what came of it, such as how many bytes."""

    def close(self) -> None:
        """Close what is open, and leave nothing behind. May be called again."""


class IoTask:
    """Operations of one worker. A unit is one.

    They let go of the GIL in the middle, deep in the interpreter, and come back only once they have
    it again: what of that time was I/O, and what was waiting for the GIL, no stamp can tell.
    """

    stamped: Final = False
    native: Final = None

    def __init__(self, operation: Operation) -> None:
        self._operation = operation
        self._sum = 0
        # Tasks are kept for as long as their worker lives, and nobody tells them of its end.
        weakref.finalize(self, operation.close)
        # What a first one sets up is no part of what every one costs.
        self.run(1)

    def run(self, units: int) -> None:
        """Do it `units` times, unmeasured."""
        operation, came = self._operation, self._sum
        for _ in range(units):
            came += operation()
        self._sum = came % _CHECKSUMS

    def caller(self, mode: Mode) -> Callable[[MeterCapsule, int], bool]:  # noqa: ARG002 - it has one
        """Return what does it so many times."""
        return self._call

    def checksum(self) -> int:
        """Return the sum of all that came of it, modulo 2**64."""
        return self._sum

    def _call(self, meter: MeterCapsule, units: int) -> bool:
        self.run(units)
        return meters.lap(meter, units)
