from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gilbench import workloads
from gilbench._native import meter
from gilbench.model import Mode

if TYPE_CHECKING:
    from gilbench._native.meter import MeterCapsule


@pytest.mark.parametrize("mode", Mode)
def test_a_task_counts_and_sums_what_it_stores(mode: Mode, readings: MeterCapsule) -> None:
    task = workloads.find("objects").task()
    assert task.caller(mode)(readings, 1000)
    task.run(24)
    # Every key is stored once in 256 units, so what is read back is the unit's own number.
    assert task.checksum() == sum(range(1024))
    assert meter.finish(readings)[:2] == (1000, 1)
    assert task.stamped
    assert task.native is None


def test_each_task_has_a_dict_of_its_own() -> None:
    workload = workloads.find("objects")
    one, other = workload.task(), workload.task()
    one.run(10)
    assert (one.checksum(), other.checksum()) == (45, 0)
