from __future__ import annotations

import sys
import time

import pytest

from gilbench._native import clock


def test_the_clock_never_goes_back_and_counts_nanoseconds() -> None:
    stamps = [clock.now_ns() for _ in range(1000)]
    assert stamps == sorted(stamps)
    before, began = clock.now_ns(), time.perf_counter_ns()
    time.sleep(0.02)
    took, measured = clock.now_ns() - before, time.perf_counter_ns() - began
    assert 20_000_000 * 0.9 <= took <= measured + 1_000_000


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere Python's own clock may differ")
def test_on_linux_it_is_pythons_monotonic_clock() -> None:
    before = time.monotonic_ns()
    assert before <= clock.now_ns() <= time.monotonic_ns()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows counts in ticks of 15.6 ms")
def test_the_cpu_time_is_the_calling_threads_own() -> None:
    before = time.thread_time_ns()
    spent = clock.thread_cpu_ns()
    assert spent is not None
    assert before <= spent <= time.thread_time_ns()


@pytest.mark.skipif(sys.platform != "win32", reason="other systems tell")
def test_on_windows_the_cpu_time_is_unknown() -> None:
    assert clock.thread_cpu_ns() is None
