"""What a catalogue has of another distribution."""

from __future__ import annotations

from collections.abc import Iterable

from gilbench.model import Listing


def offered(catalogue: Iterable[Listing], name: str) -> tuple[str, str | None]:
    """Return the summary of what the tests' own distribution offers by this name, and why it is
    unavailable.
    """
    (found,) = [
        each
        for each in catalogue
        if each.name == name and each.summary.endswith("(from others-own 1.0)")
    ]
    return found.summary, found.unavailable
