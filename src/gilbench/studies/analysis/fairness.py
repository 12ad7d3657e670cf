"""How evenly the workers of a case were served, and how long one was shut out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gilbench.model import Fairness
from gilbench.stats import median

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gilbench.model import Sample

__all__ = ["fairness"]


def fairness(samples: Sequence[Sample]) -> Fairness | None:
    """Return how evenly the workers of `samples` were served; null for one worker.

    A worker's part is its units by its own time, which is the window: so fixed work, of which all
    do the same, tells too who did it sooner. Samples in which nobody did anything are passed over.
    """
    parts = [_parts(sample) for sample in samples if len(sample.readings) > 1]
    shares = [(min(part) / mean, max(part) / mean) for part in parts if (mean := _mean(part)) > 0]
    if not shares:
        return None
    least, most = zip(*shares, strict=True)
    return Fairness(
        least=median(least),
        most=median(most),
        longest_lockout_ns=_longest(
            reading.longest_wait_ns for sample in samples for reading in sample.readings
        ),
    )


def _parts(sample: Sample) -> list[float]:
    return [reading.units / max(1, reading.wall_ns) for reading in sample.readings]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _longest(waits_ns: Iterable[int | None]) -> int | None:
    """Return the longest wait, or None where one worker or more could not tell."""
    longest = 0
    for wait_ns in waits_ns:
        if wait_ns is None:
            return None
        longest = max(longest, wait_ns)
    return longest
