from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from gilbench import workloads
from gilbench._native import meter
from gilbench.model import Mode
from gilbench.workloads import shared
from gilbench.workloads.shared import Counter, count_attribute, count_dict, count_list

if TYPE_CHECKING:
    from gilbench._native.meter import MeterCapsule

KINDS = {"attribute": "shared", "list": "shared:what=list", "dict": "shared:what=dict"}


def held(what: str) -> int:
    """Return what the one object of this interpreter holds."""
    (thing,) = shared._COUNTS[what].args
    return thing.value if what == "attribute" else sum(thing[key] for key in range(256))


def test_every_unit_adds_one() -> None:
    counter, items, table = Counter(), [0] * 256, dict.fromkeys(range(256), 0)
    count_attribute(counter, 1000)
    count_list(items, 1000)
    count_dict(table, 1000)
    assert counter.value == 1000
    assert items == [4] * 232 + [3] * 24
    assert table == dict(enumerate(items))


def test_an_attribute_starts_from_nothing_again() -> None:
    counter = Counter()
    for units in (1000, 7):
        count_attribute(counter, units)
    assert counter.value == 7


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("text", KINDS.values())
def test_a_task_counts_its_own_units(text: str, mode: Mode, readings: MeterCapsule) -> None:
    task = workloads.find(text).task()
    assert task.caller(mode)(readings, 1000)
    assert task.caller(mode)(readings, 200)
    task.run(30)
    assert task.checksum() == 1230
    assert meter.finish(readings)[:2] == (1200, 2)
    assert not task.stamped
    assert task.native is None


@pytest.mark.parametrize("what", KINDS)
def test_all_tasks_of_an_interpreter_work_on_one_object(what: str) -> None:
    workload = workloads.find(KINDS[what])
    one, other = workload.task(), workload.task()
    before = 0 if what == "attribute" else held(what)
    one.run(10)
    assert held(what) == before + 10
    other.run(20)
    assert held(what) == (20 if what == "attribute" else before + 30)
    assert (one.checksum(), other.checksum()) == (10, 20)


@pytest.mark.parametrize("what", KINDS)
def test_what_threads_did_is_exact_whatever_the_object_lost(what: str) -> None:
    tasks = [workloads.find(KINDS[what]).task() for _ in range(4)]
    before = 0 if what == "attribute" else held(what)
    threads = [threading.Thread(target=task.run, args=(20_000,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [task.checksum() for task in tasks] == [20_000] * 4
    assert before < held(what) <= before + 80_000
