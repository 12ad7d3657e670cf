"""Medians and their intervals. numpy loads with the first interval."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

__all__ = ["bootstrap_interval", "bootstrap_ratio_interval", "median"]

# Efron and Tibshirani, An Introduction to the Bootstrap (1993), 13.3: 1000 or more for the ends of
# a percentile interval. With 2000 the ends stand at whole places, with 50 medians outside each.
_RESAMPLES: Final = 2000
_OUTSIDE: Final = _RESAMPLES * 5 // 200

# Some 100 MiB at a time, however many hosts and rounds a file claims to have.
_DRAWS_AT_ONCE: Final = 2**21


def median(values: Sequence[float]) -> float:
    """Return the middle of `values`, or the mean of the two in the middle.

    Raises ValueError where there is none.
    """
    if not values:
        raise ValueError("no value has no median")
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def bootstrap_interval(
    values: Sequence[float], hosts: Sequence[int], seed: int
) -> tuple[float, float]:
    """Return the ends of the 95 % percentile interval of the median of `values`.

    `hosts` says for each value which process measured it. Each of 2000 resamples draws hosts with
    replacement and then, within each host drawn, as many of its values as it has: what differs
    from process to process (hash seed, address layout) is part of the interval, as is what differs
    from round to round (Davison and Hinkley, Bootstrap Methods and their Application, 3.8). The
    same seed gives the same interval. Raises ValueError where there is no value.
    """
    return _ends(_medians(values, hosts, seed))


def bootstrap_ratio_interval(
    values: Sequence[float],
    hosts: Sequence[int],
    divisors: Sequence[float],
    divisor_hosts: Sequence[int],
    seed: int,
) -> tuple[float, float]:
    """Return the ends of the 95 % percentile interval of median(values) / median(divisors).

    The two were measured in different runs: each is resampled by itself, as `bootstrap_interval`
    does it. Raises ValueError where there is no value, or a resample's divisor is not above 0.
    """
    below = _medians(divisors, divisor_hosts, seed + 1)
    if below.min() <= 0:
        raise ValueError("nothing can be divided by a median that is not above 0")
    return _ends(_medians(values, hosts, seed) / below)


def _ends(figures: NDArray[np.float64]) -> tuple[float, float]:
    import numpy as np

    ordered = np.sort(figures)
    return float(ordered[_OUTSIDE]), float(ordered[-_OUTSIDE - 1])


def _medians(values: Sequence[float], hosts: Sequence[int], seed: int) -> NDArray[np.float64]:
    """Return the median of each resample."""
    import numpy as np

    if not values:
        raise ValueError("no value has no interval")
    times_drawn = _times_drawn(tuple(hosts), seed)
    order = np.argsort(values)
    ordered = np.asarray(values, dtype=float)[order]
    # The median of a resample without building it: walk the values in order, adding up how often
    # each was drawn, until half of what was drawn is passed.
    passed = np.cumsum(times_drawn[:, order], axis=1, dtype=np.int32)
    drawn = passed[:, -1:]
    lower = (passed <= (drawn - 1) // 2).sum(axis=1)
    upper = (passed <= drawn // 2).sum(axis=1)
    medians: NDArray[np.float64] = (ordered[lower] + ordered[upper]) / 2
    return medians


# Most cases of a run have their values from the same rounds and hosts, and so share this table.
@lru_cache(maxsize=64)
def _times_drawn(hosts: tuple[int, ...], seed: int) -> NDArray[np.int32]:
    """Return how often each resample (a row) drew each value (a column)."""
    import numpy as np

    random = np.random.default_rng(seed)
    _, host_of, sizes = np.unique(hosts, return_inverse=True, return_counts=True)
    by_host = np.argsort(host_of, kind="stable")
    first = np.cumsum(sizes) - sizes
    draw = np.arange(sizes.max())
    # Hosts differ in how many values they have: surplus draws go to a column that is cut off.
    surplus = len(hosts)
    table = np.empty((_RESAMPLES, surplus), dtype=np.int32)
    rows = max(1, _DRAWS_AT_ONCE // (len(sizes) * len(draw)))
    every = random.integers(len(sizes), size=(_RESAMPLES, len(sizes)))
    for start in range(0, _RESAMPLES, rows):
        chosen = every[start : start + rows]
        size = sizes[chosen][:, :, None]
        place = (random.random((*chosen.shape, len(draw))) * size).astype(np.intp)
        place += first[chosen][:, :, None]
        place[np.broadcast_to(draw >= size, place.shape)] = surplus
        place += np.arange(len(chosen))[:, None, None] * (surplus + 1)
        counts = np.bincount(place.ravel(), minlength=len(chosen) * (surplus + 1))
        table[start : start + rows, by_host] = counts.reshape(-1, surplus + 1)[:, :surplus]
    table.setflags(write=False)
    return table
