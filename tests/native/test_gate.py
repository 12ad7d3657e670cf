from __future__ import annotations

import mmap
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gilbench._native import clock, gate, meter, spin

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    from gilbench._native.gate import GateCapsule

MS = 1_000_000
PATIENCE_NS = 30_000 * MS


class Crowd:
    """Threads that pass a gate, each with what became of it."""

    def __init__(self, entrance: GateCapsule, timeout_ns: int = PATIENCE_NS) -> None:
        self._entrance, self._timeout_ns = entrance, timeout_ns
        self._threads: list[threading.Thread] = []
        self.skews: list[int] = []
        self.errors: list[OSError] = []

    def come(self, workers: int) -> None:
        for _ in range(workers):
            self._threads.append(threading.Thread(target=self._pass))
            self._threads[-1].start()

    def gather(self) -> None:
        for thread in self._threads:
            thread.join(30)
        assert not any(thread.is_alive() for thread in self._threads)

    def _pass(self) -> None:
        readings = meter.create(self._entrance, 0, MS)
        try:
            meter.start(readings, self._timeout_ns)
        except OSError as error:
            self.errors.append(error)
        else:
            self.skews.append(meter.finish(readings)[2])


@pytest.mark.parametrize("workers", [1, 2, 3, 8])
def test_it_opens_when_all_have_come_and_no_sooner(
    workers: int, make_gate: Callable[..., GateCapsule]
) -> None:
    entrance = make_gate(workers)
    crowd = Crowd(entrance)
    crowd.come(workers - 1)
    time.sleep(0.01)
    assert gate.opened_ns(entrance) == 0
    before = clock.now_ns()
    crowd.come(1)
    crowd.gather()
    assert before < gate.opened_ns(entrance) < clock.now_ns()
    assert (len(crowd.skews), crowd.errors) == (workers, [])


def test_workers_start_close_to_each_other(make_gate: Callable[..., GateCapsule]) -> None:
    best = 10**9
    # A machine that is busy may keep one of them waiting, not each time.
    for _ in range(50):
        crowd = Crowd(make_gate(2))
        crowd.come(2)
        crowd.gather()
        assert all(skew >= 0 for skew in crowd.skews)
        best = min(best, max(crowd.skews))
        if best < 1 * MS:
            break
    assert best < 1 * MS


def test_it_can_be_used_again(make_gate: Callable[..., GateCapsule]) -> None:
    entrance = make_gate(2)
    for sample in range(3):
        gate.reset(entrance, 2, 2)
        assert gate.opened_ns(entrance) == 0
        crowd = Crowd(entrance)
        crowd.come(2)
        crowd.gather()
        assert len(crowd.skews) == 2, sample


def test_who_waits_at_a_gate_that_is_called_off_is_told(
    make_gate: Callable[..., GateCapsule],
) -> None:
    entrance = make_gate(3)
    crowd = Crowd(entrance)
    crowd.come(2)
    gate.abort(entrance)
    crowd.gather()
    assert [type(error) for error in crowd.errors] == [InterruptedError] * 2
    assert str(crowd.errors[0]) == "the sample was called off"
    assert gate.opened_ns(entrance) == 0
    gate.reset(entrance, 1, 2)
    meter.start(meter.create(entrance, 0, MS), PATIENCE_NS)


def test_who_waits_in_vain_gives_up(make_gate: Callable[..., GateCapsule]) -> None:
    before = clock.now_ns()
    with pytest.raises(TimeoutError, match="the other workers did not come to the gate"):
        meter.start(meter.create(make_gate(2), 0, MS), 5 * MS)
    assert clock.now_ns() - before >= 5 * MS


MAP_AND_PASS = """
import mmap, sys
from gilbench._native import gate, meter
with open(sys.argv[1], "r+b") as file:
    entrance = gate.on(mmap.mmap(file.fileno(), 0))
readings = meter.create(entrance, 0, 1_000_000)
meter.start(readings, 30_000_000_000)
print(gate.opened_ns(entrance), meter.finish(readings)[2])
"""


def test_processes_meet_at_a_gate_that_they_map(
    tmp_path: Path, start_python: Callable[..., subprocess.Popen[str]]
) -> None:
    (tmp_path / "gate").write_bytes(bytes(mmap.PAGESIZE))
    with (tmp_path / "gate").open("r+b") as file:
        entrance = gate.on(mmap.mmap(file.fileno(), 0))
    gate.reset(entrance, 2, 2)
    with start_python(MAP_AND_PASS, str(tmp_path / "gate")) as process:
        readings = meter.create(entrance, 0, MS)
        meter.start(readings, PATIENCE_NS)
        output, _ = process.communicate(timeout=30)
    opened, skew = map(int, output.split())
    assert opened == gate.opened_ns(entrance)
    assert 0 <= skew < 30_000 * MS


def test_threads_and_interpreters_find_it_by_its_address(
    make_gate: Callable[..., GateCapsule],
) -> None:
    entrance = make_gate(1)
    address = gate.address(entrance)
    assert address % 128 == 0
    same = gate.at(address)
    assert gate.address(same) == address
    meter.start(meter.create(same, 0, MS), PATIENCE_NS)
    assert gate.opened_ns(entrance) == gate.opened_ns(same) > 0


def test_an_address_without_a_gate_is_refused(make_gate: Callable[..., GateCapsule]) -> None:
    entrance = make_gate()
    # Memory that nobody made a gate in, since it was never reset.
    empty = gate.on(mmap.mmap(-1, mmap.PAGESIZE))
    for address in (0, gate.address(entrance) + 1, gate.address(empty)):
        with pytest.raises(ValueError, match="there is no gate at this address"):
            gate.at(address)
    for wrong in (-1, 2**64):
        with pytest.raises(OverflowError):
            gate.at(wrong)


def test_memory_that_is_too_small_or_misaligned_is_refused() -> None:
    memory = memoryview(mmap.mmap(-1, 2 * mmap.PAGESIZE))
    size = gate.size()
    gate.on(memory[:size])
    message = f"a gate needs {size} bytes of memory, aligned to 128"
    for wrong in (memory[: size - 1], memory[8:], memory[:0]):
        with pytest.raises(ValueError, match=message):
            gate.on(wrong)


def test_what_is_no_writable_memory_is_refused() -> None:
    with pytest.raises(BufferError):
        gate.on(bytes(4096))
    with pytest.raises(TypeError):
        gate.on(4096)  # type: ignore[arg-type]


def test_a_gate_keeps_its_memory() -> None:
    memory = mmap.mmap(-1, mmap.PAGESIZE)
    entrance = gate.on(memory)
    with pytest.raises(BufferError):
        memory.close()
    del entrance
    memory.close()


def test_a_meter_keeps_its_gate() -> None:
    memory = mmap.mmap(-1, mmap.PAGESIZE)
    entrance = gate.on(memory)
    gate.reset(entrance, 1, 1)
    readings = meter.create(entrance, 0, MS)
    del entrance
    with pytest.raises(BufferError):
        memory.close()
    meter.start(readings, PATIENCE_NS)
    del readings
    memory.close()


@pytest.mark.parametrize(
    "call",
    [
        gate.address,
        gate.abort,
        gate.opened_ns,
        lambda wrong: gate.reset(wrong, 1, 1),
        lambda wrong: meter.create(wrong, 0, MS),
    ],
)
def test_what_is_no_gate_is_refused(call: Callable[[object], object]) -> None:
    for wrong in (None, 0, spin.kernel()):
        with pytest.raises(ValueError, match="PyCapsule"):
            call(wrong)
