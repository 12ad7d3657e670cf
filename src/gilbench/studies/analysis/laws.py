"""The laws of scaling: what share of the work does not run at once.

All take speedups S over one worker, whose own is 1 by definition: it is a point of every curve,
and no law can miss it. Nothing is clamped: see each law for what a negative figure means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["amdahl", "gunther", "karp_flatt"]


def karp_flatt(workers: int, speedup: float) -> float:
    """Return the serial share that one speedup shows: e = (1/S - 1/N) / (1 - 1/N).

    Where it grows with N, it is no serial work but a cost of being many. Below 0: S is more than
    N. Karp and Flatt, Measuring Parallel Processor Performance, CACM 33(5), 1990. Raises
    ZeroDivisionError for one worker, and for a speedup of 0.
    """
    return (1 / speedup - 1 / workers) / (1 - 1 / workers)


def amdahl(speedups: Mapping[int, float]) -> float:
    """Return the serial share s of S(N) = 1 / (s + (1 - s) / N) nearest to `speedups` by N.

    Amdahl, Validity of the Single Processor Approach to Achieving Large Scale Computing
    Capabilities, AFIPS 30, 1967. Least squares of the relative deviations of the time per unit,
    1/S, since noise is relative: there the law is a straight line, 1/S = 1/N + s (1 - 1/N). Below
    0: speedups of more than N. Raises ZeroDivisionError without a count above 1.
    """
    lines = [(speedup * (1 - 1 / n), 1 - speedup / n) for n, speedup in speedups.items()]
    return sum(u * v for u, v in lines) / sum(u * u for u, _ in lines)


def gunther(speedups: Mapping[int, float]) -> tuple[float, float]:
    """Return contention a and coherency b of S(N) = N / (1 + a (N - 1) + b N (N - 1)).

    Gunther, Guerrilla Capacity Planning, 2007, chapter 5: the universal scalability law. Fitted as
    `amdahl` is, which is this law with b = 0: 1/S = 1/N + a (1 - 1/N) + b (N - 1). a below 0:
    speedups of more than N; b below 0: further workers gain more than contention would let them.
    Raises ValueError where fewer than two counts are above 1.
    """
    if sum(n > 1 for n in speedups) < 2:
        raise ValueError("two parameters need two worker counts above one")
    planes = [
        (speedup * (1 - 1 / n), speedup * (n - 1), 1 - speedup / n)
        for n, speedup in speedups.items()
    ]
    # What of the second column is not in the first gives b: differences of large sums, as normal
    # equations have them, would lose the small speedups.
    uu = sum(u * u for u, _, _ in planes)
    within = sum(u * w for u, w, _ in planes) / uu
    beside = [w - within * u for u, w, _ in planes]
    coherency = sum(x * v for x, (_, _, v) in zip(beside, planes, strict=True)) / sum(
        x * x for x in beside
    )
    contention = sum(u * (v - coherency * w) for u, w, v in planes) / uu
    return contention, coherency
