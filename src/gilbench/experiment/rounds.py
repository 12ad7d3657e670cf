"""In which order the cases of a round come."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable

    from gilbench.model import Case

__all__ = ["parts_of", "shuffled"]


def parts_of(cases: Iterable[Case]) -> dict[tuple[str, int], list[Case]]:
    """Return the cases by workload and grain: those of one part are each other's bases."""
    parts: dict[tuple[str, int], list[Case]] = {}
    for case in cases:
        parts.setdefault((case.workload, case.grain_ns), []).append(case)
    return parts


def shuffled(cases: Iterable[Case], order: random.Random) -> list[Case]:
    """Return the cases in a new order in which a part stays together: pairs are close in time."""
    parts = list(parts_of(cases).values())
    order.shuffle(parts)
    for part in parts:
        order.shuffle(part)
    return [case for part in parts for case in part]
