"""What there is to choose from."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Listing"]


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One entry of what there is: a workload or a backend; `unavailable` says why not here."""

    name: str
    summary: str
    parameters: str
    unavailable: str | None
