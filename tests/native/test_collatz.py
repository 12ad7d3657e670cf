from __future__ import annotations

import pytest

from gilbench._native import collatz, work

FIRST = 2**31


def collatz_in_python(units: int) -> int:
    start = number = FIRST
    total = steps = 0
    for _ in range(units):
        if number == 1:
            total = (31 * total + steps) % 2**64
            start, steps = start + 1, 0
            number = start
        else:
            number = number // 2 if number % 2 == 0 else 3 * number + 1
            steps += 1
    return (31 * total + steps + number) % 2**64


@pytest.mark.parametrize("units", [0, 1, 30, 31, 32, 33, 1000, 4097, 100_000])
def test_its_checksum_is_that_of_plain_python(units: int) -> None:
    state = work.create(collatz.kernel(), 0)
    work.run(state, units)
    assert work.checksum(state) == collatz_in_python(units)


def test_it_goes_on_wherever_it_stopped() -> None:
    state = work.create(collatz.kernel(), 0)
    for units in (*range(100), 5000):
        work.run(state, units)
    assert work.checksum(state) == collatz_in_python(4950 + 5000)
