"""What the trials and bare loops took, beside each other."""

from __future__ import annotations

from dataclasses import dataclass

BOUND = 1.05


@dataclass(frozen=True, kw_only=True)
class Ratio:
    """The nanoseconds of one figure by the trials and by bare loops."""

    figure: str
    ours_ns: float
    bare_ns: float

    @property
    def value(self) -> float:
        """The trials' time over that of the bare loops."""
        return self.ours_ns / self.bare_ns

    @property
    def above(self) -> bool:
        """Whether it is above the bound."""
        return self.value > BOUND
