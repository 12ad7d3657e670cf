"""What the readings of windows come to: figures of a trial."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gilbench.trials.io_bound.window import Reading

__all__ = ["figures", "quantile"]


def figures(name: str, windows: Sequence[Sequence[Reading]]) -> Mapping[str, tuple[float, ...]]:
    """Return the figures of windows that are alike, each of them called by `name` first.

    For each window: `requests_per_s`, of all workers; `p50_ns`, the median of what a request took;
    `cpu_ns`, the CPU time of a request on the side of whoever asks. For all together: `p99_ns`,
    which only the slowest of a hundred exceeds (of fewer, it is the slowest), and `requests`.
    """
    all_ns = [_latencies_ns(readings) for readings in windows]
    return {
        f"{name} requests_per_s": tuple(map(_requests_per_s, windows)),
        f"{name} p50_ns": tuple(quantile(each_ns, 0.5) for each_ns in all_ns),
        f"{name} cpu_ns": tuple(
            sum(reading.cpu_ns for reading in readings) / len(each_ns)
            for readings, each_ns in zip(windows, all_ns, strict=True)
        ),
        f"{name} p99_ns": (quantile(list(chain(*all_ns)), 0.99),),
        f"{name} requests": (sum(map(len, all_ns)),),
    }


def quantile(values: Sequence[int], share: float) -> int:
    """Return the smallest value that at least that share of all do not exceed."""
    ordered = sorted(values)
    # In whole thousandths, since 0.99 x 100 is a little more than 99.
    below = -(-len(ordered) * round(share * 1000) // 1000)
    return ordered[max(below, 1) - 1]


def _latencies_ns(readings: Sequence[Reading]) -> list[int]:
    return [latency_ns for reading in readings for latency_ns in reading.latencies_ns]


def _requests_per_s(readings: Sequence[Reading]) -> float:
    """Return the sum of the workers' rates, each from the window's start to the end of its last
    request: none is cut.
    """
    return sum(1e9 * len(reading.latencies_ns) / reading.elapsed_ns for reading in readings)
