"""From the gate to a reading, on real meters, with work that is a script."""

from __future__ import annotations

import mmap
import os
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from gilbench._native import gate, meter
from gilbench.model import Mode
from gilbench.worker import Order, perform

if TYPE_CHECKING:
    from collections.abc import Callable

    from gilbench._native.gate import GateCapsule
    from gilbench._native.meter import MeterCapsule
    from gilbench.worker import Task

MS = 1_000_000


class FakeTask:
    """Work that sleeps for a while in each call, and remembers what it was asked for."""

    native: Final = None

    def __init__(self, *, stamped: bool = False, sleep_s: float = 0.0) -> None:
        self.stamped, self._sleep_s = stamped, sleep_s
        self.asked: list[tuple[Mode, int]] = []
        self.interrupt: Callable[[], None] = lambda: None

    def run(self, units: int) -> None:
        raise AssertionError("nobody should warm up between the gate and the reading")

    def caller(self, mode: Mode) -> Callable[[MeterCapsule, int], bool]:
        def call(readings: MeterCapsule, units: int) -> bool:
            self.asked.append((mode, units))
            self.interrupt()
            time.sleep(self._sleep_s)
            return meter.lap(readings, units)

        return call

    def checksum(self) -> int:
        return 42


@pytest.fixture
def entrance() -> GateCapsule:
    entrance = gate.on(mmap.mmap(-1, mmap.PAGESIZE))
    gate.reset(entrance, 1, 1)
    return entrance


def order(
    *,
    window_ns: int | None = None,
    calls: int | None = None,
    mode: Mode = Mode.HOLD,
    timeout_ns: int = 30_000 * MS,
) -> Order:
    return Order(
        workload="scripted",
        mode=mode,
        workers=1,
        cores=1,
        grain_ns=MS,
        units_per_call=7,
        window_ns=window_ns,
        calls=calls,
        timeout_ns=timeout_ns,
    )


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("calls", [1, 5])
def test_fixed_work_is_exactly_its_calls(mode: Mode, calls: int, entrance: GateCapsule) -> None:
    task = FakeTask()
    reading = perform(task, order(calls=calls, mode=mode), 3, entrance)
    assert task.asked == [(mode, 7)] * calls
    assert (reading.worker, reading.units, reading.calls) == (3, 7 * calls, calls)
    assert reading.checksum == 42


def test_a_window_ends_the_calls(entrance: GateCapsule) -> None:
    task = FakeTask(sleep_s=0.002)
    reading = perform(task, order(window_ns=20 * MS), 0, entrance)
    assert reading.wall_ns == 20 * MS
    assert reading.calls == len(task.asked)
    assert 1 <= reading.calls <= 11
    assert 7 * (reading.calls - 1) <= reading.units <= 7 * reading.calls


def test_only_work_that_stamps_the_clock_tells_of_waits(entrance: GateCapsule) -> None:
    for stamped in (True, False):
        gate.reset(entrance, 1, 1)
        reading = perform(FakeTask(stamped=stamped), order(calls=1), 0, entrance)
        assert (reading.gil_wait_ns is not None) is stamped
        assert stamped or not reading.gil_wait_bound
        assert (reading.longest_wait_ns is not None) is stamped


@pytest.mark.parametrize("amount", [{"calls": 1000}, {"window_ns": 10_000 * MS}])
def test_a_sample_that_is_called_off_ends_with_the_call_at_hand(
    amount: dict[str, int], entrance: GateCapsule
) -> None:
    task = FakeTask()
    task.interrupt = lambda: gate.abort(entrance)
    with pytest.raises(InterruptedError, match="the sample was called off"):
        perform(task, order(**amount), 0, entrance)
    assert len(task.asked) == 1


def test_it_does_nothing_when_the_others_do_not_come(entrance: GateCapsule) -> None:
    gate.reset(entrance, 2, 1)
    task: Task = FakeTask()
    with pytest.raises(TimeoutError, match="the other workers did not come to the gate"):
        perform(task, order(calls=1, timeout_ns=MS), 0, entrance)
    assert isinstance(task, FakeTask)
    assert task.asked == []


def test_what_the_work_raises_passes_through(entrance: GateCapsule) -> None:
    task = FakeTask()

    def fail() -> None:
        raise LookupError("not today")

    task.interrupt = fail
    with pytest.raises(LookupError, match="not today"):
        perform(task, order(calls=1), 0, entrance)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux moves threads by number")
def test_work_that_raises_leaves_its_thread_where_it_may_run(entrance: GateCapsule) -> None:
    before = os.sched_getaffinity(0)
    if len(before) < 2:
        pytest.skip("one processor has no other to be kept from")
    task = FakeTask()

    def fail() -> None:
        assert os.sched_getaffinity(0) == {min(before)}
        raise LookupError("not today")

    task.interrupt = fail
    kept = replace(order(calls=1), processors=(min(before),))
    # What keeps the error keeps its frames, and all that they hold.
    with pytest.raises(LookupError) as raised:
        perform(task, kept, 0, entrance)
    assert os.sched_getaffinity(0) == before
    assert raised.traceback
