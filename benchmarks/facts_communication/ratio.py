"""What a trial and a bare loop took, beside each other."""

from __future__ import annotations

from dataclasses import dataclass

BOUND = 0.10


@dataclass(frozen=True, kw_only=True)
class Ratio:
    """One figure, `trip` or `stream`, by trials and by bare loops, for payloads of `size` bytes.

    Both sides are on so many `cores`, or where the system likes if that is 0. The nanoseconds are
    medians of the rounds. The `value` is how many times as long as bare loops
    trials took, and the `control` how many times as long as those between every other bare loop.
    """

    channel: str
    size: int
    cores: int
    figure: str
    ours_ns: float
    bare_ns: float
    value: float
    control: float

    @property
    def told(self) -> bool:
        """Whether the bound can be told here: bare loops agree among themselves to within it."""
        return abs(self.control - 1) <= BOUND

    @property
    def missed(self) -> bool:
        """Whether it is out of its bound, and that can be told."""
        return self.told and abs(self.value - 1) > BOUND
