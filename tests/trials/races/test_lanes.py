from __future__ import annotations

import mmap
from concurrent.futures import ThreadPoolExecutor

import pytest

from gilbench._native import gate, meter
from gilbench.trials.races.lanes import WORKERS, Lane, Lanes, size

MS = 1_000_000


def test_lanes_in_one_memory_are_the_same_lanes() -> None:
    memory = mmap.mmap(-1, size(3))
    with Lanes(memory, 3) as ours, Lanes(memory, 3) as theirs:
        for number, (lane, same) in enumerate(zip(ours, theirs, strict=True)):
            lane.cell[0] = number
            lane.tell(1, 10 + number, 1000)
            same.tell(0, 5, 2000 + number)
            assert same.cell[0] == number
            assert bytes(same.place) == bytes([number] + 7 * [0])
            assert (lane.made, same.made) == (15 + number, 15 + number)
            assert lane.ended_ns == 2000 + number
    memory.close()


def test_each_gate_is_passed_by_all_workers_once() -> None:
    with Lanes(mmap.mmap(-1, size(2)), 2) as lanes:
        lanes.prepare()
        for lane in lanes:
            with ThreadPoolExecutor(WORKERS) as pool:
                passing = [pool.submit(go_through, lane) for _ in range(WORKERS - 1)]
                assert gate.opened_ns(lane.gate) == 0
                go_through(lane)
            assert [each.result() for each in passing] == [None]
            assert gate.opened_ns(lane.gate) > 0


def go_through(lane: Lane) -> None:
    meter.start(meter.create(lane.gate, 0, MS), 10_000 * MS)


def test_who_waits_is_called_off() -> None:
    with Lanes(mmap.mmap(-1, size(2)), 2) as lanes:
        lanes.prepare()
        lanes.abort()
        for lane in lanes:
            with pytest.raises(InterruptedError):
                meter.start(meter.create(lane.gate, 0, MS), 1000 * MS)


def test_more_memory_than_needed_is_no_further_lane() -> None:
    with Lanes(mmap.mmap(-1, size(5)), 2) as lanes:
        assert len(list(lanes)) == 2
