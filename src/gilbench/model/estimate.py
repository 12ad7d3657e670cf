"""A figure with its interval."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Ceiling", "Estimate"]


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A median with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Ceiling(Estimate):
    """What the hardware offers at this many workers; `source` says who measured it."""

    source: str
