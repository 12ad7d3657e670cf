from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

import pytest

from gilbench._native import crew, spin, triad, work

if TYPE_CHECKING:
    from gilbench._native.work import WorkCapsule

MS = 1_000_000
PATIENCE_NS = 30_000 * MS


def spins(workers: int) -> list[WorkCapsule]:
    return [work.create(spin.kernel(), 8) for _ in range(workers)]


def spin_checksum(units: int) -> int:
    state = work.create(spin.kernel(), 8)
    work.run(state, units)
    return work.checksum(state)


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_fixed_work_is_exactly_its_calls(workers: int) -> None:
    told = crew.run(spins(workers), 5000, MS, 0, 4, 2, PATIENCE_NS)
    assert len(told) == workers
    for units, calls, skew, wall, cpu, queue, longest_wait, checksum in told:
        assert (units, calls, checksum) == (20_000, 4, spin_checksum(20_000))
        assert 0 <= skew <= wall
        assert 0 <= longest_wait <= wall
        if sys.platform != "win32":
            assert cpu is not None
            assert cpu > 0
        if sys.platform == "linux":
            assert queue is not None
            assert queue >= 0


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_a_window_ends_the_work_of_all(workers: int) -> None:
    told = crew.run(spins(workers), 20_000, 50_000, 30 * MS, 0, 2, PATIENCE_NS)
    assert len(told) == workers
    for units, calls, _, wall, cpu, _, longest_wait, checksum in told:
        assert wall == 30 * MS
        assert 0 <= longest_wait < wall
        assert calls > 0
        assert units <= calls * 20_000
        assert checksum == spin_checksum(int(units))
        assert cpu is None or cpu < 45 * MS


def test_no_worker_shares_its_state() -> None:
    works = [work.create(triad.kernel(), 2400), work.create(spin.kernel(), 8)]
    told = crew.run(works, 1000, MS, 0, 1, 2, PATIENCE_NS)
    assert [reading[-1] for reading in told] == [work.checksum(each) for each in works]


def test_the_works_stay_ours_and_go_on() -> None:
    works = spins(2)
    for calls in (1, 2):
        told = crew.run(works, 100, MS, 0, calls, 2, PATIENCE_NS)
    assert {reading[-1] for reading in told} == {spin_checksum(300)}


def test_other_threads_run_meanwhile() -> None:
    beats = []
    stop = threading.Event()

    def beat() -> None:
        while not stop.wait(0.001):
            beats.append(1)

    thread = threading.Thread(target=beat)
    thread.start()
    crew.run(spins(1), 100_000, MS, 100 * MS, 0, 2, PATIENCE_NS)
    during = len(beats)
    stop.set()
    thread.join()
    assert during > 1


def test_nobody_waits_for_ever_at_the_gate() -> None:
    # The first of so many has no patience at all.
    with pytest.raises(TimeoutError, match="the native threads did not all come to the gate"):
        crew.run(spins(16), 1, MS, 0, 1, 2, -1)


def test_what_is_no_work_is_refused() -> None:
    for wrong in (None, spin.kernel(), 1):
        with pytest.raises(ValueError, match="PyCapsule"):
            crew.run([*spins(1), wrong], 1, MS, 0, 1, 2, PATIENCE_NS)  # type: ignore[list-item]
    with pytest.raises(TypeError):
        crew.run(None, 1, MS, 0, 1, 2, PATIENCE_NS)  # type: ignore[arg-type]
    assert crew.run([], 1, MS, 0, 1, 2, PATIENCE_NS) == []
