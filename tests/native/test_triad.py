from __future__ import annotations

import pytest

from gilbench._native import triad, work


def triad_in_python(length: int, units: int) -> int:
    a = [0.0] * length
    b = [float(index % 1024) for index in range(length)]
    c = [float(index % 512) for index in range(length)]
    for unit in range(units):
        at = unit % length
        a[at] = b[at] + 3.0 * c[at]
    looked_at = sum(int(a[index]) * (index + 1) for index in range(0, length, 512))
    return (units + looked_at) % 2**64


# 512 is how far apart the elements of the checksum are, 1024 how often the values repeat.
@pytest.mark.parametrize("length", [1, 2, 511, 512, 513, 1025, 3000])
@pytest.mark.parametrize("rounds", [0, 0.5, 1, 1.7, 4])
def test_its_checksum_is_that_of_plain_python(length: int, rounds: float) -> None:
    units = int(length * rounds)
    state = work.create(triad.kernel(), 24 * length)
    work.run(state, units)
    assert work.checksum(state) == triad_in_python(length, units)


def test_it_goes_on_where_it_stopped_and_around_the_end() -> None:
    state = work.create(triad.kernel(), 24 * 1000)
    for units in (1, 998, 1, 1, 700, 600):
        work.run(state, units)
    assert work.checksum(state) == triad_in_python(1000, 2301)


def test_a_stretch_that_was_not_written_shows() -> None:
    whole, half = triad_in_python(2000, 2000), triad_in_python(2000, 1000)
    assert whole - half != 1000


@pytest.mark.parametrize("bytes", [0, 1, 23, 24, 47])
def test_memory_for_less_than_two_elements_holds_one(bytes: int) -> None:
    state = work.create(triad.kernel(), bytes)
    work.run(state, 5)
    assert work.checksum(state) == triad_in_python(1, 5)
