"""Medians and their intervals. numpy loads with the first interval."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

__all__ = ["bootstrap_interval", "bootstrap_ratio_interval", "median"]

# Efron and Tibshirani, An Introduction to the Bootstrap (1993), 13.3: 1000 or more for the ends of
# a percentile interval. With 2000 the ends stand at whole places, with 50 medians outside each.
_RESAMPLES: Final = 2000
_OUTSIDE: Final = _RESAMPLES * 5 // 200

# Some 10 MiB at a time, however many hosts and rounds a file claims to have.
_DRAWS_AT_ONCE: Final = 2**18
# Those of a run's cases, or one for a run of some thousand rounds: to draw takes ten times as long
# as to use what was drawn.
_BYTES_KEPT: Final = 32 * 2**20


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
    order = np.argsort(values)
    ordered = np.asarray(values, dtype=float)[order]
    return np.concatenate(
        [_medians_of(ordered, drawn[:, order]) for drawn in _KEPT.times_drawn(tuple(hosts), seed)]
    )


def _medians_of(ordered: NDArray[np.float64], drawn: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return the median of each resample without building it.

    Walk the values in order, adding up how often each was drawn, until half of what was drawn is
    passed.
    """
    import numpy as np

    passed = np.cumsum(drawn, axis=1, dtype=np.int32)
    whole = passed[:, -1:]
    lower = (passed <= (whole - 1) // 2).sum(axis=1)
    upper = (passed <= whole // 2).sum(axis=1)
    medians: NDArray[np.float64] = (ordered[lower] + ordered[upper]) / 2
    return medians


_Drawn = tuple[tuple[int, ...], int]


class _Tables:
    """How often resamples drew values, for the hosts and seeds that were asked for last.

    Most cases of a run have their values from the same rounds and hosts, and so share a table; the
    next round asks for another one. All that is kept is at most so many bytes.
    """

    def __init__(self, bytes: int) -> None:
        self._most = bytes
        self._tables: dict[_Drawn, NDArray[np.int32]] = {}
        self._lock = Lock()

    @property
    def bytes(self) -> int:
        """Return what the tables take."""
        return sum(table.nbytes for table in self._tables.values())

    def times_drawn(self, hosts: tuple[int, ...], seed: int) -> Iterator[NDArray[np.int32]]:
        """Yield blocks of a table: how often each resample (a row) drew each value (a column)."""
        import numpy as np

        if 4 * _RESAMPLES * len(hosts) > self._most:
            yield from _draw(hosts, seed)
            return
        with self._lock:
            table = self._tables.pop((hosts, seed), None)
        if table is None:
            table = np.concatenate(list(_draw(hosts, seed)))
        with self._lock:
            self._tables[hosts, seed] = table
            while self.bytes > self._most:
                del self._tables[next(iter(self._tables))]
        rows = max(1, _DRAWS_AT_ONCE // len(hosts))
        for start in range(0, _RESAMPLES, rows):
            yield table[start : start + rows]


_KEPT: Final = _Tables(_BYTES_KEPT)


def _draw(hosts: tuple[int, ...], seed: int) -> Iterator[NDArray[np.int32]]:
    """Yield how often resamples drew each value, as many of them as fit in memory at a time."""
    import numpy as np

    _, host_of, sizes = np.unique(hosts, return_inverse=True, return_counts=True)
    by_host = np.argsort(host_of, kind="stable")
    first = np.cumsum(sizes) - sizes
    draw = np.arange(sizes.max())
    # Hosts differ in how many values they have: surplus draws go to a column that is cut off.
    surplus = len(hosts)
    rows = max(1, _DRAWS_AT_ONCE // (len(sizes) * len(draw)))
    # Two streams, so that the parts that fit in memory are those of one draw.
    of_hosts, of_values = (np.random.default_rng((seed, stream)) for stream in range(2))
    for start in range(0, _RESAMPLES, rows):
        shape = min(rows, _RESAMPLES - start), len(sizes)
        chosen = of_hosts.integers(len(sizes), size=shape)
        size = sizes[chosen][:, :, None]
        place = (of_values.random((*shape, len(draw))) * size).astype(np.intp)
        place += first[chosen][:, :, None]
        place[np.broadcast_to(draw >= size, place.shape)] = surplus
        place += np.arange(shape[0])[:, None, None] * (surplus + 1)
        counts = np.bincount(place.ravel(), minlength=shape[0] * (surplus + 1))
        table = np.empty((shape[0], surplus), dtype=np.int32)
        table[:, by_host] = counts.reshape(-1, surplus + 1)[:, :surplus]
        yield table
