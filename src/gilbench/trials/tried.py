"""What comes of a trial."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["NoRoomError", "Tried", "UnavailableError"]


class UnavailableError(Exception):
    """What was to be tried is not to be had here; the text says why, in a few words."""


class NoRoomError(UnavailableError):
    """There is too little of it left: less might be had."""


@dataclass(frozen=True, kw_only=True)
class Tried:
    """Measured values by name, each a series, and what is no number, as a `Trial` has them."""

    figures: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
