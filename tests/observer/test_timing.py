from __future__ import annotations

import itertools
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial

import pytest

from gilbench.evidence import Timing
from gilbench.observer import timing
from gilbench.observer.timing import timed

from .conftest import HAS_GIL, MS, Burn, raises


def time_of(function: Callable[[], object], span_ns: int = 5 * MS) -> Timing:
    return timed(function, size=7, span_ns=span_ns, gil_before=True)


def test_a_timing_is_that_of_the_calls(burn: Burn) -> None:
    found = time_of(burn(200_000, 0))
    assert found.size == 7
    assert 1 <= found.calls <= 30
    assert 200_000 <= found.call_ns <= found.longest_ns
    assert found.gil_before is True
    assert found.gil_after is HAS_GIL


def test_a_first_call_that_sets_something_up_does_not_count() -> None:
    lengths = itertools.chain([0.03], itertools.repeat(0.0))
    found = time_of(lambda: time.sleep(next(lengths)), span_ns=50 * MS)
    assert found.calls > 1
    assert found.call_ns < 10 * MS


def test_a_call_that_is_longer_than_the_span_is_made_once() -> None:
    numbers = itertools.count(1)

    def long() -> int:
        time.sleep(0.02)
        return next(numbers)

    found = time_of(long)
    assert found.calls == 1
    assert found.longest_ns == found.call_ns >= 20 * MS
    assert next(numbers) == 2


def test_calls_that_take_no_time_are_bounded_in_number() -> None:
    numbers = itertools.count()
    found = time_of(numbers.__next__, span_ns=10_000 * MS)
    assert 1000 < found.calls < 10_000
    assert next(numbers) == found.calls + 1
    assert found.call_ns >= 1


def test_who_burns_keeps_a_core_busy_and_who_sleeps_does_not(burn: Burn) -> None:
    sleeping = min(time_of(partial(time.sleep, 0.02)).cpu_share for _ in range(3))
    assert sleeping < 0.2
    # Less than the whole core where others want it too.
    assert any(0.4 < time_of(burn(MS, 0), 10 * MS).cpu_share < 1.3 for _ in range(30))


@pytest.mark.skipif(sys.platform == "win32", reason="it does not tell")
def test_who_starts_processes_is_known_by_their_time(burn: Burn) -> None:
    command = [sys.executable, "-I", "-S", "-c", "sum(range(100_000))"]
    assert time_of(partial(subprocess.run, command, check=True)).children_share > 0.1
    assert time_of(burn(MS, 0), 10 * MS).children_share == 0


def test_threads_that_spin_for_a_while_are_not_the_targets(
    burn: Burn, monkeypatch: pytest.MonkeyPatch
) -> None:
    cpu_ns = itertools.accumulate(itertools.chain([0, 1], [0, 90 * MS], itertools.repeat(0)))
    monkeypatch.setattr(timing.time, "process_time_ns", lambda: next(cpu_ns))
    assert time_of(burn(100_000, 0)).cpu_share == 0


def test_what_a_timed_call_raises_passes_through() -> None:
    with pytest.raises(LookupError, match="not today"):
        time_of(raises)
