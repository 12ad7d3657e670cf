"""What a trial and a bare loop took, beside each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shift import Shift

BOUND = 0.10


@dataclass(frozen=True, kw_only=True)
class Ratio:
    """One figure, `trip` or `stream`, by trials and by bare loops, for payloads of `size` bytes.

    Both sides are on so many `cores`, or where the system likes if that is 0. The nanoseconds are
    medians of the rounds. The `control` is every other bare loop beside those between.
    """

    channel: str
    size: int
    cores: int
    figure: str
    rounds: int
    ours_ns: float
    bare_ns: float
    shift: Shift
    control: Shift

    @property
    def kept(self) -> bool:
        """Whether it is within its bound, with all of its interval."""
        return abs(self.shift.low - 1) <= BOUND and abs(self.shift.high - 1) <= BOUND

    @property
    def missed(self) -> bool:
        """Whether it is out of its bound, with all of its interval, and bare loops agree."""
        out = self.shift.low > 1 + BOUND or self.shift.high < 1 - BOUND
        return out and abs(self.control.value - 1) <= BOUND

    @property
    def told(self) -> bool:
        """Whether it can be told here."""
        return self.kept or self.missed
