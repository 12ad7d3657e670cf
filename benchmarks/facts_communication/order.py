"""What the other side of a bare loop has to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Order:
    """Answer so many `trips`, then take so many `pushes`, and after each of the two write a byte to
    the descriptor `done`; on the `processor`, or where the system likes if that is null.
    """

    trips: int
    pushes: int
    done: int
    processor: int | None
