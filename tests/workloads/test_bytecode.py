from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from gilbench import workloads
from gilbench._native import meter
from gilbench.model import Mode
from gilbench.workloads import bytecode
from gilbench.workloads.bytecode import Generator, make_generator, steps

if TYPE_CHECKING:
    from gilbench._native.meter import MeterCapsule


def jump(number: int, units: int) -> int:
    """Return the number so many steps on, by squaring the step: x → a·x + c, modulo 2**31."""
    a, c, whole_a, whole_c = 1664525, 1013904223, 1, 0
    while units:
        if units % 2:
            whole_a, whole_c = whole_a * a, whole_c * a + c
        a, c, units = a * a, a * c + c, units // 2
    return (whole_a * number + whole_c) % 2**31


@pytest.mark.parametrize("units", [0, 1, 2, 1000])
def test_its_numbers_are_those_of_the_generator(units: int) -> None:
    assert steps(1, units, make_generator()) == jump(1, units)


def test_a_task_counts_and_goes_on_where_it_stopped(readings: MeterCapsule) -> None:
    task = workloads.find("python").task()
    assert task.caller(Mode.HOLD)(readings, 1000)
    assert task.caller(Mode.HOLD)(readings, 200)
    task.run(30)
    assert task.checksum() == jump(1, 1230)
    assert meter.finish(readings)[:2] == (1200, 2)
    assert not task.stamped
    assert task.native is None


def test_each_generator_has_numbers_of_its_own() -> None:
    one, other = make_generator(), make_generator()
    assert one == other
    for name in ("multiplier", "increment", "mask"):
        assert getattr(one, name) is not getattr(other, name)


def test_a_thread_works_with_numbers_that_it_made(
    monkeypatch: pytest.MonkeyPatch, readings: MeterCapsule
) -> None:
    made: dict[int, int] = {}
    used: list[int] = []

    def make() -> Generator:
        generator = make_generator()
        made[id(generator)] = threading.get_ident()
        return generator

    def step(number: int, units: int, generator: Generator) -> int:
        assert made[id(generator)] == threading.get_ident()
        used.append(id(generator))
        return steps(number, units, generator)

    monkeypatch.setattr(bytecode, "make_generator", make)
    monkeypatch.setattr(bytecode, "steps", step)
    task = workloads.find("python").task()
    with ThreadPoolExecutor(1) as other_thread:
        assert other_thread.submit(lambda: task.caller(Mode.HOLD)(readings, 10)).result()
    assert task.caller(Mode.HOLD)(readings, 10)
    assert len(used) == 2
    assert task.checksum() == jump(1, 20)
