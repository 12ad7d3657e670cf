"""The two modes and the mix, on kernels whose checksums are known."""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING

import psutil
import pytest

from gilbench._native import clock, gate, meter, spin, triad, work

if TYPE_CHECKING:
    from collections.abc import Callable

    from gilbench._native.gate import GateCapsule
    from gilbench._native.meter import MeterCapsule
    from gilbench._native.work import KernelCapsule, WorkCapsule

    Call = Callable[[WorkCapsule, MeterCapsule, int], bool]

MS = 1_000_000
FOR_EVER = 2**63
FREE_THREADED = not getattr(sys, "_is_gil_enabled", lambda: True)()


def mix_a_third(state: WorkCapsule, readings: MeterCapsule, units: int) -> bool:
    return work.mix(state, readings, units // 3, units - units // 3)


def mix_only_held(state: WorkCapsule, readings: MeterCapsule, units: int) -> bool:
    return work.mix(state, readings, units, 0)


def mix_only_released(state: WorkCapsule, readings: MeterCapsule, units: int) -> bool:
    return work.mix(state, readings, 0, units)


CALLS = [work.hold, work.release, mix_a_third, mix_only_held, mix_only_released]
KERNELS = [spin.kernel, triad.kernel]


def checksum_after(kernel: KernelCapsule, units: int) -> int:
    state = work.create(kernel, 24_000)
    work.run(state, units)
    return work.checksum(state)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("kernel", KERNELS)
def test_every_mode_does_the_same_work(
    kernel: Callable[[], KernelCapsule], call: Call, make_meter: Callable[..., MeterCapsule]
) -> None:
    state, readings = work.create(kernel(), 24_000), make_meter()
    # Less than a chunk between two looks at the clock, exactly one, and some more.
    sizes = (0, 1, 100, 4096, 10_000)
    for units in sizes:
        assert call(state, readings, units)
    done, calls, *_ = meter.finish(readings)
    assert (done, calls) == (sum(sizes), len(sizes))
    assert work.checksum(state) == checksum_after(kernel(), sum(sizes))


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("kernel", KERNELS)
def test_the_windows_end_ends_the_work_and_all_that_was_done_is_counted(
    kernel: Callable[[], KernelCapsule],
    call: Call,
    make_gate: Callable[..., GateCapsule],
    make_meter: Callable[..., MeterCapsule],
) -> None:
    state, entrance = work.create(kernel(), 24_000), make_gate()
    readings = make_meter(30 * MS, entrance=entrance)
    assert not call(state, readings, FOR_EVER)
    assert clock.now_ns() >= gate.opened_ns(entrance) + 30 * MS
    done, calls, _, wall, *_ = meter.finish(readings)
    assert 0 < done < FOR_EVER
    assert (calls, wall) == (1, 30 * MS)
    assert work.checksum(state) == checksum_after(kernel(), int(done))


@pytest.mark.parametrize("call", CALLS)
def test_after_the_window_no_work_is_done(
    call: Call, make_meter: Callable[..., MeterCapsule]
) -> None:
    state, readings = work.create(spin.kernel(), 8), make_meter(1)
    before = work.checksum(state)
    time.sleep(0.0001)
    assert not call(state, readings, FOR_EVER)
    assert not call(state, readings, FOR_EVER)
    assert work.checksum(state) == before
    assert meter.finish(readings)[:2] == (0.0, 0)


@pytest.mark.parametrize("call", CALLS)
def test_work_ends_when_its_sample_is_called_off(
    call: Call,
    make_gate: Callable[..., GateCapsule],
    make_meter: Callable[..., MeterCapsule],
) -> None:
    entrance = make_gate()
    state, readings = work.create(spin.kernel(), 8), make_meter(entrance=entrance)
    gate.abort(entrance)
    assert not call(state, readings, FOR_EVER)
    with pytest.raises(InterruptedError):
        meter.finish(readings)


def beats_within(call: Call, readings: MeterCapsule, begin_ns: int, end_ns: int) -> int:
    """Return how often another thread ran between two moments of a call that goes on after."""
    beats: list[int] = []
    stop = threading.Event()

    def beat() -> None:
        while not stop.wait(0.001):
            beats.append(clock.now_ns())

    thread = threading.Thread(target=beat)
    thread.start()
    call(work.create(spin.kernel(), 8), readings, FOR_EVER)
    stop.set()
    thread.join()
    return sum(begin_ns < moment < end_ns for moment in beats)


@pytest.mark.parametrize(
    ("call", "lets_others_run"),
    [(work.hold, False), (work.release, True), (mix_only_held, False), (mix_only_released, True)],
)
def test_only_who_releases_lets_other_threads_run(
    call: Call,
    lets_others_run: bool,
    make_gate: Callable[..., GateCapsule],
    make_meter: Callable[..., MeterCapsule],
) -> None:
    entrance = make_gate()
    readings = make_meter(100 * MS, entrance=entrance)
    opened = gate.opened_ns(entrance)
    beats = beats_within(call, readings, opened + 40 * MS, opened + 95 * MS)
    assert (beats > 0) is (lets_others_run or FREE_THREADED)


def test_each_work_has_a_state_of_its_own() -> None:
    kernel = spin.kernel()
    one, other = work.create(kernel, 8), work.create(kernel, 8)
    del kernel
    work.run(one, 10)
    assert work.checksum(one) == checksum_after(spin.kernel(), 10)
    assert work.checksum(other) == checksum_after(spin.kernel(), 0)


def test_memory_that_nobody_has_is_an_error() -> None:
    with pytest.raises(MemoryError, match="no memory for a kernel's state of 4611686018427387904"):
        work.create(triad.kernel(), 2**62)
    with pytest.raises(OverflowError):
        work.create(triad.kernel(), -1)


def test_work_that_is_gone_gives_its_memory_back() -> None:
    size, process = 16 * 2**20, psutil.Process()

    def make_and_drop() -> None:
        work.run(work.create(triad.kernel(), size), 10)

    make_and_drop()
    before = process.memory_info().rss
    for _ in range(30):
        make_and_drop()
    # The allocator may keep a piece or two.
    assert process.memory_info().rss - before < 5 * size


@pytest.mark.parametrize(
    "call",
    [
        work.checksum,
        lambda wrong: work.create(wrong, 8),
        lambda wrong: work.run(wrong, 1),
    ],
)
def test_what_is_no_kernel_or_work_is_refused(
    call: Callable[[object], object], make_gate: Callable[..., GateCapsule]
) -> None:
    for wrong in (None, 0, make_gate()):
        with pytest.raises(ValueError, match="PyCapsule"):
            call(wrong)


@pytest.mark.parametrize("call", CALLS)
def test_work_and_meter_cannot_be_confused(
    call: Call, make_meter: Callable[..., MeterCapsule]
) -> None:
    state, readings = work.create(spin.kernel(), 8), make_meter()
    for wrong in ((readings, state), (state, state), (readings, readings), (state, None)):
        with pytest.raises(ValueError, match="PyCapsule"):
            call(*wrong, 1)  # type: ignore[arg-type]
