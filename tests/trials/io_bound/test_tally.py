from __future__ import annotations

import pytest

from gilbench.trials.io_bound.tally import figures, quantile
from gilbench.trials.io_bound.window import Reading

MS = 1_000_000


def test_a_quantile_is_the_smallest_that_enough_do_not_exceed() -> None:
    hundred = list(range(100, 0, -1))
    assert (quantile(hundred, 0.5), quantile(hundred, 0.99)) == (50, 99)
    assert quantile(list(range(1, 1001)), 0.99) == 990
    assert (quantile([7], 0.5), quantile([3, 9], 0.5), quantile([3, 9], 0.99)) == (7, 3, 9)


def reading(*latencies_ns: int, cpu_ns: int = 0, idle_ns: int = 0) -> Reading:
    return Reading(latencies_ns=latencies_ns, elapsed_ns=sum(latencies_ns) + idle_ns, cpu_ns=cpu_ns)


def test_windows_have_figures_of_their_own_and_share_the_slowest() -> None:
    first = [reading(5 * MS, 5 * MS, cpu_ns=600), reading(10 * MS, cpu_ns=300)]
    second = [reading(4 * MS, 4 * MS, 4 * MS, cpu_ns=30), reading(2 * MS, idle_ns=2 * MS)]
    found = figures("http 2", [first, second])
    # Each worker by its own time, from its first request to the end of its last.
    assert found.pop("http 2 requests_per_s") == pytest.approx((200 + 100, 250 + 250))
    assert found == {
        "http 2 p50_ns": (5 * MS, 4 * MS),
        "http 2 cpu_ns": (300, 7.5),
        "http 2 p99_ns": (10 * MS,),
        "http 2 requests": (7,),
    }
