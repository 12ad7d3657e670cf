from __future__ import annotations

import math
from typing import Any

import pytest

from gilbench import durations
from gilbench.errors import InputError


@pytest.mark.parametrize(
    ("written", "nanoseconds"),
    [
        ("1ns", 1),
        ("100us", 100_000),
        ("100µs", 100_000),
        ("100\N{GREEK SMALL LETTER MU}s", 100_000),
        ("1ms", 10**6),
        (" 2.5 s ", 2_500_000_000),
        ("1min", 60 * 10**9),
        ("1e-3", 10**6),
        ("16", 16 * 10**9),
        (16, 16 * 10**9),
        (0.25, 250_000_000),
    ],
)
def test_parses(written: str | float, nanoseconds: int) -> None:
    assert durations.parse(written) == nanoseconds


@pytest.mark.parametrize("written", ["", "ms", "1 hour", "1ms2", "e", "--1s", "1,5s", "nan", "5 S"])
def test_says_how_to_write_what_is_no_duration(written: str) -> None:
    with pytest.raises(InputError, match=r"write it as 100us, 1ms, 2\.5s or 1min"):
        durations.parse(written)


@pytest.mark.parametrize("wrong", [None, ["1s"], {}, object(), 1j, 10**400])
def test_says_so_of_what_is_neither_text_nor_number(wrong: Any) -> None:
    with pytest.raises(InputError, match=r"write it as 100us, 1ms, 2\.5s or 1min"):
        durations.parse(wrong)


@pytest.mark.parametrize(
    "written", ["0", "0ms", "-1s", "0.4ns", "1e999s", 0, -1, math.inf, math.nan]
)
def test_refuses_what_does_not_last_or_does_not_end(written: str | float) -> None:
    with pytest.raises(InputError, match="must be longer than zero, and end"):
        durations.parse(written)


@pytest.mark.parametrize(
    ("nanoseconds", "written"),
    [
        (0, "0 s"),
        (0.4, "0.4 ns"),
        (999, "999 ns"),
        (100_000, "100 us"),
        (999_999, "1 ms"),
        (10**6, "1 ms"),
        (1_234_567, "1.23 ms"),
        (2_500_000_000, "2.5 s"),
        (59_400_000_000, "59.4 s"),
        (59_990_000_000, "1 min"),
        (95 * 10**9, "1 min 35 s"),
        (3600 * 10**9, "60 min"),
    ],
)
def test_formats_to_three_figures(nanoseconds: float, written: str) -> None:
    assert durations.format(nanoseconds) == written


@pytest.mark.parametrize("written", ["250 ns", "100 us", "1 ms", "2.5 s", "1 min"])
def test_reads_what_it_writes(written: str) -> None:
    assert durations.format(durations.parse(written)) == written
