from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from gilbench import workloads
from gilbench._native import chase, collatz, gate, mandelbrot, meter, spin, triad, work
from gilbench.model import Mode
from gilbench.workloads.kernels import KERNELS, KernelWorkload

if TYPE_CHECKING:
    from gilbench._native.meter import MeterCapsule
    from gilbench._native.work import KernelCapsule


KERNEL_OF = {
    "spin": spin,
    "mandelbrot": mandelbrot,
    "collatz": collatz,
    "triad:size=24000": triad,
    "chase:size=24000": chase,
    "mix:share=0.3": spin,
}


def checksum_after(kernel: KernelCapsule, bytes: int, units: int) -> int:
    state = work.create(kernel, bytes)
    work.run(state, units)
    return work.checksum(state)


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("text", KERNEL_OF)
def test_a_task_counts_and_advances_its_kernel(
    text: str, mode: Mode, readings: MeterCapsule
) -> None:
    task = workloads.find(text).task()
    call = task.caller(mode)
    assert call(readings, 5000)
    assert call(readings, 700)
    task.run(30)
    # It is made warm, by one unit.
    assert task.checksum() == checksum_after(KERNEL_OF[text].kernel(), 24_000, 1 + 5730)
    assert meter.finish(readings)[:2] == (5700, 2)
    assert task.stamped


def test_native_threads_advance_the_same_state() -> None:
    task = workloads.find("spin").task()
    assert task.native is not None
    work.run(task.native, 10)
    assert task.checksum() == checksum_after(spin.kernel(), 8, 11)


def test_each_task_has_a_state_of_its_own() -> None:
    workload = workloads.find("spin")
    one, other = workload.task(), workload.task()
    one.run(10)
    assert one.checksum() != other.checksum()


def test_the_modes_are_the_ways_to_call(
    monkeypatch: pytest.MonkeyPatch, readings: MeterCapsule
) -> None:
    called: list[Any] = []
    for way in ("hold", "release"):
        monkeypatch.setattr(work, way, lambda *arguments, way=way: called.append((way, arguments)))
    task = workloads.find("spin").task()
    for mode in (Mode.HOLD, Mode.RELEASE):
        task.caller(mode)(readings, 9)
    assert called == [("hold", (task.native, readings, 9)), ("release", (task.native, readings, 9))]


@pytest.mark.parametrize(
    ("share", "units", "held"), [("0", 10, 0), ("1", 10, 10), ("0.25", 1000, 250), ("0.5", 1, 0)]
)
def test_a_mix_holds_for_its_share(
    share: str, units: int, held: int, monkeypatch: pytest.MonkeyPatch, readings: MeterCapsule
) -> None:
    called: list[Any] = []
    monkeypatch.setattr(work, "mix", lambda *arguments: called.append(arguments))
    task = workloads.find(f"mix:share={share}").task()
    task.caller(Mode.RELEASE)(readings, units)
    assert called == [(task.native, readings, held, units - held)]


def test_the_memory_of_a_task_is_what_its_workload_says(monkeypatch: pytest.MonkeyPatch) -> None:
    created: list[int] = []
    create = work.create
    monkeypatch.setattr(work, "create", lambda kernel, n: created.append(n) or create(kernel, 8))
    for name in KERNELS:
        workloads.find(name).task()
    assert created == [workloads.find(name).bytes for name in KERNELS]
    assert dict(zip(KERNELS, created, strict=True)) == {
        "spin": 8,
        "mandelbrot": 40,
        "collatz": 32,
        "triad": 64 * 2**20,
        "chase": 128 * 2**20,
        "mix": 8,
    }


def test_memory_that_nobody_has_is_an_error() -> None:
    with pytest.raises(MemoryError):
        KernelWorkload(text="triad", kernel="triad", bytes=2**62).task()


def test_a_task_of_a_sample_that_is_called_off_stops(readings: MeterCapsule) -> None:
    task = workloads.find("spin").task()
    import mmap

    entrance = gate.on(mmap.mmap(-1, mmap.PAGESIZE))
    gate.reset(entrance, 1, 1)
    mine = meter.create(entrance, 0, 1_000_000)
    meter.start(mine, 10**9)
    gate.abort(entrance)
    for mode in Mode:
        assert not task.caller(mode)(mine, 2**60)
