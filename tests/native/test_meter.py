from __future__ import annotations

import sys
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil
import pytest

from gilbench._native import clock, gate, meter, spin, work

if TYPE_CHECKING:
    from collections.abc import Callable

    from gilbench._native.gate import GateCapsule
    from gilbench._native.meter import MeterCapsule
    from gilbench._native.work import WorkCapsule

MS = 1_000_000
PATIENCE_NS = 30_000 * MS
FREE_THREADED = not getattr(sys, "_is_gil_enabled", lambda: True)()


def test_fixed_work_is_all_counted(make_meter: Callable[..., MeterCapsule]) -> None:
    before = clock.now_ns()
    readings = make_meter()
    for done in (3, 0, 4):
        assert meter.lap(readings, done)
    units, calls, skew, wall, cpu, queue, *_ = meter.finish(readings)
    assert (units, calls) == (7.0, 3)
    assert 0 <= skew <= wall <= clock.now_ns() - before
    if sys.platform != "win32":
        assert cpu is not None
        assert 0 <= cpu <= wall
    if sys.platform == "linux":
        assert queue is not None
        assert 0 <= queue <= wall


def test_what_it_read_stays(make_meter: Callable[..., MeterCapsule]) -> None:
    readings = make_meter()
    meter.lap(readings, 1)
    first = meter.finish(readings)
    time.sleep(0.002)
    assert meter.finish(readings) == first


def test_of_a_call_across_the_windows_end_the_share_before_it_counts(
    make_gate: Callable[..., GateCapsule],
    make_meter: Callable[..., MeterCapsule],
) -> None:
    window, entrance = 20 * MS, make_gate()
    readings = make_meter(window, entrance=entrance)
    time.sleep(0.04)
    before = clock.now_ns()
    assert not meter.lap(readings, 1000)
    after = clock.now_ns()
    units, calls, skew, wall, *_ = meter.finish(readings)
    seen = gate.opened_ns(entrance) + skew
    inside = max(0, window - skew)
    assert inside / (after - seen) <= units / 1000 <= inside / (before - seen)
    assert (calls, wall) == (1, window)


def wait_until(moment_ns: int) -> int:
    """Return a moment after this one, having burnt the time until then."""
    while (now := clock.now_ns()) <= moment_ns:
        pass
    return now


def test_calls_before_the_last_count_whole(
    make_gate: Callable[..., GateCapsule],
    make_meter: Callable[..., MeterCapsule],
) -> None:
    window, entrance = 100 * MS, make_gate()
    readings = make_meter(window, entrance=entrance)
    opened = gate.opened_ns(entrance)
    earliest = wait_until(opened + 20 * MS)
    assert meter.lap(readings, 100)
    latest = clock.now_ns()
    before = wait_until(opened + 140 * MS)
    assert not meter.lap(readings, 100)
    after = clock.now_ns()
    units, calls, _, wall, cpu, *_ = meter.finish(readings)
    end = opened + window
    share = (units - 100) / 100
    assert (end - latest) / (after - latest) <= share <= (end - earliest) / (before - earliest)
    assert (calls, wall) == (2, window)
    # What the last call ran past the end is not the window's.
    assert cpu is None or cpu <= window + MS


def test_a_call_that_began_after_the_window_counts_for_nothing(
    make_gate: Callable[..., GateCapsule],
) -> None:
    entrance = make_gate()
    readings = meter.create(entrance, 1, MS)
    meter.start(readings, PATIENCE_NS)
    time.sleep(0.001)
    assert not meter.lap(readings, 5)
    units, calls, skew, wall, *_ = meter.finish(readings)
    assert (calls, wall) == (1, 1)
    assert units == 0 or skew == 0


def test_a_sample_that_is_called_off_ends_at_once_and_has_no_reading(
    make_gate: Callable[..., GateCapsule],
    make_meter: Callable[..., MeterCapsule],
) -> None:
    entrance = make_gate()
    for window in (0, 10_000 * MS):
        gate.reset(entrance, 1, 2)
        readings = make_meter(window, entrance=entrance)
        assert meter.lap(readings, 1)
        gate.abort(entrance)
        assert not meter.lap(readings, 1)
        with pytest.raises(InterruptedError, match="the sample was called off"):
            meter.finish(readings)


def test_it_counts_cpu_time_and_not_sleep(make_meter: Callable[..., MeterCapsule]) -> None:
    readings = make_meter()
    time.sleep(0.05)
    *_, wall, cpu, _, _, _, _ = meter.finish(readings)
    assert wall >= 50 * MS
    assert cpu is None or cpu < 25 * MS


def burn(readings: MeterCapsule, call: Callable[[WorkCapsule, MeterCapsule, int], bool]) -> None:
    state = work.create(spin.kernel(), 8)
    while call(state, readings, 400_000):
        pass


@dataclass(frozen=True, kw_only=True)
class Shares:
    """Where the time of two threads went over a window of 200 ms."""

    gil_wait: float
    run_queue: float
    cpu: float


def sample_of_two(
    entrance: GateCapsule, call: Callable[[WorkCapsule, MeterCapsule, int], bool]
) -> Shares:
    told = []

    def labour() -> None:
        readings = meter.create(entrance, 200 * MS, MS)
        meter.start(readings, PATIENCE_NS)
        burn(readings, call)
        told.append(meter.finish(readings))

    threads = [threading.Thread(target=labour) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    *_, cpu, queue, gil_wait, _, _ = (
        sum(value or 0 for value in values) / (400 * MS) for values in zip(*told, strict=True)
    )
    return Shares(gil_wait=gil_wait, run_queue=queue, cpu=cpu)


def quietest_of_three(
    make_gate: Callable[..., GateCapsule],
    call: Callable[[WorkCapsule, MeterCapsule, int], bool],
) -> Shares:
    """Return the first sample without much queueing, or the one with the least."""
    samples = []
    for _ in range(3):
        samples.append(sample_of_two(make_gate(2), call))
        if samples[-1].run_queue < 0.1:
            break
    return min(samples, key=lambda shares: shares.run_queue)


@pytest.mark.skipif(FREE_THREADED, reason="there is no GIL to wait for")
def test_two_threads_that_hold_the_gil_wait_half_of_their_time(
    make_gate: Callable[..., GateCapsule],
) -> None:
    shares = quietest_of_three(make_gate, work.hold)
    if shares.run_queue < 0.1:
        assert 0.3 < shares.gil_wait < 0.7
    else:
        # On a busy machine too one waits while the other runs.
        assert 0.3 < shares.gil_wait / (shares.gil_wait + shares.cpu) < 0.7


@pytest.mark.skipif(not FREE_THREADED, reason="there is a GIL to wait for")
def test_without_a_gil_two_attached_threads_do_not_wait(
    make_gate: Callable[..., GateCapsule],
) -> None:
    assert quietest_of_three(make_gate, work.hold).gil_wait < 0.15


def test_two_threads_that_release_the_gil_do_not_wait(
    make_gate: Callable[..., GateCapsule],
) -> None:
    assert quietest_of_three(make_gate, work.release).gil_wait < 0.15


def hold_slowly(readings: MeterCapsule, naps_s: list[float]) -> None:
    """Work on a kernel with such breaks before each call, as if another thread held the GIL."""
    state = work.create(spin.kernel(), 8)
    for nap_s in naps_s:
        time.sleep(nap_s)
        work.hold(state, readings, 1000)


def longest_wait_ns(told: tuple[object, ...]) -> int:
    *_, longest = told
    assert isinstance(longest, int)
    return longest


def test_the_longest_wait_is_the_longest_gap_and_not_their_sum(
    make_meter: Callable[..., MeterCapsule],
) -> None:
    before = clock.now_ns()
    readings = make_meter()
    hold_slowly(readings, [0.002, 0.03, 0.002, 0.002])
    took = clock.now_ns() - before
    told = meter.finish(readings)
    assert 30 * MS <= longest_wait_ns(told) <= took - 6 * MS


def test_what_a_worker_waits_before_its_first_piece_counts(
    make_meter: Callable[..., MeterCapsule],
) -> None:
    readings = make_meter()
    hold_slowly(readings, [0.02, 0])
    assert longest_wait_ns(meter.finish(readings)) >= 20 * MS


def test_no_wait_is_longer_than_the_window(make_meter: Callable[..., MeterCapsule]) -> None:
    readings = make_meter(20 * MS)
    hold_slowly(readings, [0, 0.06])
    told = meter.finish(readings)
    assert longest_wait_ns(told) <= 20 * MS


def test_work_without_a_break_waits_for_nothing(make_meter: Callable[..., MeterCapsule]) -> None:
    waits = []
    for _ in range(5):
        readings = make_meter()
        state = work.create(spin.kernel(), 8)
        work.hold(state, readings, 10_000_000)
        waits.append(longest_wait_ns(meter.finish(readings)))
    # The work itself takes some 16 ms, and is no wait.
    assert min(waits) < 2 * MS


def test_many_meters_leave_no_descriptors(make_gate: Callable[..., GateCapsule]) -> None:
    process = psutil.Process()
    count = process.num_handles if sys.platform == "win32" else process.num_fds
    entrance = make_gate()
    before = count()
    for _ in range(500):
        meter.create(entrance, 0, MS)
    assert count() == before


@pytest.mark.parametrize(
    "call", [meter.finish, lambda wrong: meter.start(wrong, 0), lambda wrong: meter.lap(wrong, 1)]
)
def test_what_is_no_meter_is_refused(
    call: Callable[[object], object], make_gate: Callable[..., GateCapsule]
) -> None:
    for wrong in (None, 0, make_gate()):
        with pytest.raises(ValueError, match="PyCapsule"):
            call(wrong)


def test_a_negative_number_of_units_is_refused(make_meter: Callable[..., MeterCapsule]) -> None:
    with pytest.raises(OverflowError):
        meter.lap(make_meter(), -1)
