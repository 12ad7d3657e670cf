from __future__ import annotations

import gc
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from gilbench._native import meter
from gilbench.model import Mode
from gilbench.workloads.io.operation import IoTask

if TYPE_CHECKING:
    from gilbench._native.meter import MeterCapsule


@dataclass
class Counted:
    """Comes to so much each time."""

    came: int = 3
    done: int = 0
    closed: int = 0

    def __call__(self) -> int:
        self.done += 1
        return self.came

    def close(self) -> None:
        self.closed += 1


def test_a_task_does_it_once_to_warm_up_and_then_as_often_as_it_is_told() -> None:
    operation = Counted()
    task = IoTask(operation)
    assert operation.done == 1
    task.run(4)
    assert (operation.done, task.checksum()) == (5, 15)
    assert (task.stamped, task.native) == (False, None)


@pytest.mark.parametrize("mode", Mode)
def test_a_call_counts_on_the_meter(mode: Mode, readings: MeterCapsule) -> None:
    operation = Counted()
    task = IoTask(operation)
    assert task.caller(mode)(readings, 2)
    assert task.caller(mode)(readings, 5)
    assert meter.finish(readings)[:2] == (7, 2)
    assert operation.done == 8


def test_a_checksum_stays_within_64_bits() -> None:
    task = IoTask(Counted(came=2**63))
    task.run(2)
    assert task.checksum() == 2**63


def test_what_is_open_is_closed_when_nobody_has_the_task_any_more() -> None:
    operation = Counted()
    task = IoTask(operation)
    assert operation.closed == 0
    del task
    gc.collect()
    assert operation.closed == 1


def test_what_fails_at_first_is_closed_too() -> None:
    class Fails(Counted):
        def __call__(self) -> int:
            raise OSError("not today")

    operation = Fails()
    with pytest.raises(OSError, match="not today"):
        IoTask(operation)
    gc.collect()
    assert operation.closed == 1
