"""What the other side of a bare loop has to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Order:
    """Answer so many `trips`, then take so many `pushes`; on the `processor`, or where the system
    likes if that is null. Before each of the two a byte from the descriptor `go` is awaited, and
    answered with one to `done`, as is the end of the pushes.
    """

    trips: int
    pushes: int
    go: int
    done: int
    processor: int | None
