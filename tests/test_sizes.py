from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gilbench.errors import InputError
from gilbench.evidence import Sizes
from gilbench.sizes import LARGEST, format_size, parse_sizes, read_size, steps


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0", 0),
        ("17", 17),
        ("12B", 12),
        ("1k", 1024),
        ("64KiB", 2**16),
        ("3 mib", 3 * 2**20),
        ("2049g", 2049 * 2**30),
    ],
)
def test_reads_a_size(text: str, size: int) -> None:
    assert read_size(text) == size


@pytest.mark.parametrize("text", ["", "k", "-1", "1.5M", "1 kb", " 1", "1e3", "9" * 5000])
def test_what_is_no_size(text: str) -> None:
    assert read_size(text) is None


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("64..1MiB", 64, 2**20),
        (" 1k .. 64 KiB ", 2**10, 2**16),
        ("0..1", 0, 1),
        ("100..1024GiB", 100, 2**40),
        ((0, 7), 0, 7),
        ((64, 2**40), 64, 2**40),
    ],
)
def test_reads_a_range(written: str | tuple[int, int], first: int, last: int) -> None:
    assert parse_sizes(written) == Sizes(first=first, last=last)


@pytest.mark.parametrize(
    "text", ["", "64", "64..", "..64", "64...128", "1..2..3", "-1..4", "64-128", "1..many"]
)
def test_says_how_to_write_what_is_no_range(text: str) -> None:
    with pytest.raises(InputError, match=r"^sizes '.*': write the first .* such as 64\.\.1MiB$"):
        parse_sizes(text)


@pytest.mark.parametrize("pair", [(), (1,), (1, 2, 3), (1.0, 2), ("1", "2"), 7, None])
def test_says_what_a_pair_is(pair: object) -> None:
    with pytest.raises(InputError, match=r"^sizes: give two whole numbers, such as \(64, 2\*\*20"):
        parse_sizes(pair)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("64..64", "sizes: the last value of n, 64, is not larger than the first, 64"),
        ((9, 8), "sizes: the last value of n, 8, is not larger than the first, 9"),
        ((-1, 8), "sizes: a value of n is negative; write 0 or more"),
        ("1..1025GiB", "sizes: a value of n is more than 2**40 (1024 GiB)"),
        ((10**5000, 1), "sizes: a value of n is more than 2**40 (1024 GiB)"),
    ],
)
def test_says_what_is_wrong_with_a_range(written: str | tuple[int, int], message: str) -> None:
    with pytest.raises(InputError) as error:
        parse_sizes(written)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (64, 1024, (64, 128, 256, 512, 1024)),
        (0, 5, (0, 1, 2, 4, 5)),
        (1, 2, (1, 2)),
        (100, 1000, (100, 128, 256, 512, 1000)),
        (100, 101, (100, 101)),
        (127, 129, (127, 128, 129)),
    ],
)
def test_steps(first: int, last: int, expected: tuple[int, ...]) -> None:
    assert steps(Sizes(first=first, last=last)) == expected


@given(st.integers(0, LARGEST - 1), st.data())
def test_steps_are_the_powers_of_two_between_the_ends(first: int, data: st.DataObject) -> None:
    last = data.draw(st.integers(first + 1, LARGEST))
    found = steps(Sizes(first=first, last=last))
    assert (found[0], found[-1]) == (first, last)
    assert list(found[1:-1]) == [2**k for k in range(41) if first < 2**k < last]


@pytest.mark.parametrize(
    ("n", "text"),
    [
        (0, "0"),
        (1000, "1000"),
        (1023, "1023"),
        (1024, "1 KiB"),
        (1536, "1536"),
        (2048, "2 KiB"),
        (5121, "5121"),
        (2**20, "1 MiB"),
        (2**20 + 2**10, "1025 KiB"),
        (3 * 2**30, "3 GiB"),
        (2**40, "1024 GiB"),
    ],
)
def test_formats(n: int, text: str) -> None:
    assert format_size(n) == text


@given(st.integers(0, LARGEST) | st.integers(0, 2**10).map(lambda n: n * 2**20))
def test_reads_what_it_writes(n: int) -> None:
    assert read_size(format_size(n)) == n


def test_workers_that_read_sizes_do_not_load_the_types_of_a_check() -> None:
    code = "import sys, gilbench.sizes; assert 'gilbench.evidence' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
