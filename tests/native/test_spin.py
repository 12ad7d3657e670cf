from __future__ import annotations

import pytest

from gilbench._native import spin, work

SEED = 88172645463325252


def xorshift(x: int, steps: int) -> int:
    for _ in range(steps):
        x ^= (x << 13) % 2**64
        x ^= x >> 7
        x ^= (x << 17) % 2**64
    return x


def test_it_is_marsaglias_generator() -> None:
    # The first number of xorshift64 in "Xorshift RNGs", with his seed.
    assert xorshift(SEED, 1) == 8748534153485358512


@pytest.mark.parametrize("units", [0, 1, 2, 1000, 4097])
def test_its_checksum_is_that_of_plain_python(units: int) -> None:
    state = work.create(spin.kernel(), 8)
    work.run(state, units)
    assert work.checksum(state) == xorshift(SEED, units)


def test_it_goes_on_where_it_stopped() -> None:
    state = work.create(spin.kernel(), 8)
    for units in (1, 10, 100):
        work.run(state, units)
    assert work.checksum(state) == xorshift(SEED, 111)
