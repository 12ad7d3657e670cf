"""What the other side of a bare loop has to do."""

from __future__ import annotations

import struct
from dataclasses import dataclass

LAP = struct.Struct("?q")
"""Whether to answer, and how many payloads; none ends it all."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """Carry out the laps that come by the descriptor `control`, on the `processor`, or where the
    system likes if that is null. Each is answered with a byte, and so is its end.
    """

    control: int
    processor: int | None
