from __future__ import annotations

import pytest

from gilbench._native import mandelbrot, work

SIDE, LIMIT = 64, 256


def points() -> list[int]:
    """Return how many steps each point of the picture takes, by complex numbers and by hand."""
    found = []
    for point in range(SIDE * SIDE):
        c = complex(-2.0 + 2.5 / SIDE * (point % SIDE), -1.25 + 2.5 / SIDE * (point // SIDE))
        z, steps = 0j, 0
        while steps < LIMIT and z.real * z.real + z.imag * z.imag <= 4.0:
            x, y = z.real, z.imag
            z = complex(x * x - y * y + c.real, 2.0 * x * y + c.imag)
            steps += 1
        found.append(steps)
    return found


PICTURE = points()


def mandelbrot_in_python(units: int) -> int:
    """Return the checksum: every point costs its steps and one look that ends it."""
    total, point = 0, 0
    while units > PICTURE[point]:
        total = (31 * total + PICTURE[point]) % 2**64
        units -= PICTURE[point] + 1
        point = (point + 1) % len(PICTURE)
    return (31 * total + units) % 2**64


WHOLE = sum(PICTURE) + len(PICTURE)


def test_the_picture_is_the_known_one() -> None:
    # The set's area is about 1.5065 (Förstemann, 2017); more points than those stay for 256 steps.
    area = (2.5 / SIDE) ** 2 * PICTURE.count(LIMIT)
    assert 1.45 < area < 1.6


@pytest.mark.parametrize("units", [0, 1, 2, 255, 256, 257, 4097, 100_003, WHOLE, 2 * WHOLE + 9999])
def test_its_checksum_is_that_of_plain_python(units: int) -> None:
    state = work.create(mandelbrot.kernel(), 0)
    work.run(state, units)
    assert work.checksum(state) == mandelbrot_in_python(units)


def test_it_goes_on_where_it_stopped() -> None:
    state = work.create(mandelbrot.kernel(), 0)
    for units in (1, 10, 100, 77_777):
        work.run(state, units)
    assert work.checksum(state) == mandelbrot_in_python(77_888)
