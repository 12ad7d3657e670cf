from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pytest

from gilbench.host.calibrate import calibrate
from gilbench.workloads.user import FunctionTask

if TYPE_CHECKING:
    from gilbench._native.meter import MeterCapsule
    from gilbench.model import Mode

MS = 1_000_000


@dataclass
class FakeTask:
    """Work that takes what it is told to by a clock that is a number."""

    ns_per_unit: Callable[[int], float]
    now_ns: float = 0.0
    tries: list[int] = field(default_factory=list)
    native: Final = None
    stamped: Final = False

    def run(self, units: int) -> None:
        self.tries.append(units)
        self.now_ns += units * self.ns_per_unit(len(self.tries))

    def clock(self) -> int:
        return int(self.now_ns)

    def caller(self, mode: Mode) -> Callable[[MeterCapsule, int], bool]:
        raise AssertionError("calibration is unmeasured")

    def checksum(self) -> int:
        return 0


def steady(ns_per_unit: float) -> FakeTask:
    return FakeTask(lambda _: ns_per_unit)


@pytest.mark.parametrize("ns_per_unit", [0.3, 2.0, 1e3, 1e6, 1e9])
@pytest.mark.parametrize("grain_ns", [1, MS, 50 * MS])
def test_it_finds_what_a_unit_takes(ns_per_unit: float, grain_ns: int) -> None:
    task = steady(ns_per_unit)
    assert calibrate(task, grain_ns, clock=task.clock).ns_per_unit == pytest.approx(
        ns_per_unit, rel=0.001
    )


@pytest.mark.parametrize(("grain_ns", "shortest_ns"), [(1, MS / 2), (2 * MS, 2 * MS)])
def test_a_try_is_long_against_the_clock(grain_ns: int, shortest_ns: float) -> None:
    task = steady(2.0)
    calibrate(task, grain_ns, clock=task.clock)
    best = task.tries[-7:]
    assert len(set(best)) == 1
    assert shortest_ns <= best[0] * 2.0 <= 65 * shortest_ns


def test_the_best_try_counts() -> None:
    # The third of the last seven is undisturbed, the others take up to twice as long.
    task = FakeTask(lambda number: 1000.0 if number == 4 else 1500.0 + number)
    assert calibrate(task, MS, clock=task.clock).ns_per_unit == pytest.approx(1000.0, rel=0.01)


def test_work_that_takes_long_is_done_once() -> None:
    task = steady(10**9)
    assert calibrate(task, MS, clock=task.clock).ns_per_unit == 10**9
    assert task.tries == [1]


@pytest.mark.parametrize("ns_per_unit", [0.3, 1e3, 20e6, 60e6])
def test_it_does_not_take_long(ns_per_unit: float) -> None:
    task = steady(ns_per_unit)
    calibrate(task, 10**12, clock=task.clock)
    # Tries end at 0.1 s in all; the last one may go over it.
    assert task.now_ns <= 200 * MS


def test_work_that_the_clock_cannot_see_is_done_more() -> None:
    # The first thousand units pass in no time at all.
    task = FakeTask(lambda _: 1.0)
    task.run = lambda units: setattr(task, "now_ns", task.now_ns + max(0, units - 1000))  # type: ignore[method-assign]
    assert calibrate(task, MS, clock=task.clock).ns_per_unit == pytest.approx(1.0, rel=0.01)


@pytest.mark.parametrize(
    ("share", "alone"), [(0.0, True), (0.04, True), (0.06, False), (3.0, False)]
)
def test_work_that_others_share_in_is_not_alone(share: float, alone: bool) -> None:
    task = steady(2.0)
    pace = calibrate(
        task, MS, clock=task.clock, others_clock=lambda: 10**9 + int(share * task.now_ns)
    )
    assert (pace.ns_per_unit, pace.alone) == (pytest.approx(2.0), alone)


def burn(seconds: float) -> None:
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def on_a_thread() -> None:
    thread = threading.Thread(target=burn, args=(0.05,))
    thread.start()
    thread.join()


def in_a_process() -> None:
    script = "import time\nwhile time.process_time() < 0.1: pass"
    subprocess.run([sys.executable, "-I", "-S", "-c", script], check=True)


@pytest.mark.parametrize(
    ("work", "alone"),
    [(lambda: burn(0.05), True), (lambda: time.sleep(0.02), True), (on_a_thread, False)],
)
def test_real_work_on_threads_of_its_own_shows(work: Callable[[], None], alone: bool) -> None:
    assert calibrate(FunctionTask(work), MS).alone is alone


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not tell children's time")
def test_real_work_in_processes_of_its_own_shows() -> None:
    assert not calibrate(FunctionTask(in_a_process), MS).alone
