"""What a trial and a bare loop took, beside each other."""

from __future__ import annotations

from dataclasses import dataclass

BOUND = 0.10


@dataclass(frozen=True, kw_only=True)
class Ratio:
    """The nanoseconds of one figure, `trip` or `stream`, by trials and by bare loops, for payloads
    of `size` bytes; both sides on so many `cores`, or where the system likes if that is 0.

    The `control` is what every other bare loop took, over what those between took.
    """

    channel: str
    size: int
    cores: int
    figure: str
    ours_ns: float
    bare_ns: float
    control: float

    @property
    def value(self) -> float:
        """The trial's time over the bare loop's."""
        return self.ours_ns / self.bare_ns

    @property
    def told(self) -> bool:
        """Whether the bound can be told here: bare loops agree among themselves to within it."""
        # Of what sleeps until its next look, streams tell nothing.
        tells = (self.channel, self.figure) != ("interpreter-queue", "stream")
        return tells and abs(self.control - 1) <= BOUND

    @property
    def missed(self) -> bool:
        """Whether it is out of its bound, and that can be told."""
        return self.told and abs(self.value - 1) > BOUND
