from __future__ import annotations

import pytest

from gilbench._native import chase, work

LINE = 64


def cycle(lines: int) -> list[int]:
    """Return which line comes after each, by Sattolo's shuffle and Marsaglia's numbers."""
    after, random = list(range(lines)), 88172645463325252
    for index in range(lines - 1, 0, -1):
        random ^= (random << 13) % 2**64
        random ^= random >> 7
        random ^= (random << 17) % 2**64
        other = random % index
        after[index], after[other] = after[other], after[index]
    return after


def chase_in_python(lines: int, units: int) -> int:
    after, at = cycle(lines), 0
    for _ in range(units):
        at = after[at]
    return units + (at << 32)


@pytest.mark.parametrize("lines", [1, 2, 3, 64, 1000])
def test_the_lines_lie_on_one_cycle(lines: int) -> None:
    after, at, seen = cycle(lines), 0, set()
    while at not in seen:
        seen.add(at)
        at = after[at]
    assert (len(seen), at) == (lines, 0)


@pytest.mark.parametrize("lines", [1, 2, 3, 100, 4096])
@pytest.mark.parametrize("units", [0, 1, 2, 99, 100, 10_001])
def test_its_checksum_is_that_of_plain_python(lines: int, units: int) -> None:
    state = work.create(chase.kernel(), LINE * lines)
    work.run(state, units)
    assert work.checksum(state) == chase_in_python(lines, units)


def test_it_goes_on_where_it_stopped() -> None:
    state = work.create(chase.kernel(), LINE * 500)
    for units in (1, 10, 700):
        work.run(state, units)
    assert work.checksum(state) == chase_in_python(500, 711)


@pytest.mark.parametrize("bytes", [0, 1, 63, 64, 127])
def test_memory_for_less_than_two_lines_holds_one(bytes: int) -> None:
    state = work.create(chase.kernel(), bytes)
    work.run(state, 5)
    assert work.checksum(state) == chase_in_python(1, 5)
