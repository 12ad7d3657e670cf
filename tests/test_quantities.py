from __future__ import annotations

import pytest

from gilbench import quantities
from gilbench.comparison import Figure, Unit
from gilbench.quantities import format_figure


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0, Unit.NANOSECONDS, "0 ns"),
        (48_200_000, Unit.NANOSECONDS, "48.2 ms"),
        (999.6, Unit.NANOSECONDS, "1 us"),
        (999.4, Unit.NANOSECONDS, "999 ns"),
        (125e9, Unit.NANOSECONDS, "125 s"),
        (12_345e9, Unit.NANOSECONDS, "12345 s"),
        (-1_500, Unit.NANOSECONDS, "-1.5 us"),
        (512, Unit.BYTES, "512 B"),
        (1000, Unit.BYTES, "0.977 KiB"),
        (12.3 * 2**20, Unit.BYTES, "12.3 MiB"),
        (3 * 2**40, Unit.BYTES, "3072 GiB"),
        (950, Unit.PER_SECOND, "950 /s"),
        (4_530, Unit.PER_SECOND, "4.53 k/s"),
        (2.5e9, Unit.PER_SECOND, "2500 M/s"),
        (1.5 * 2**30, Unit.BYTES_PER_SECOND, "1.5 GiB/s"),
        (0.5, Unit.SHARE, "50 %"),
        (0.00123, Unit.SHARE, "0.123 %"),
        (1.947, Unit.FACTOR, "1.95"),
        (2, Unit.FACTOR, "2.00"),
        (9.996, Unit.FACTOR, "10"),
        (0.0312, Unit.FACTOR, "0.0312"),
        (1270.4, Unit.FACTOR, "1270"),
        (12_345, Unit.COUNT, "12345"),
        (1e24, Unit.COUNT, "999999999999999983222784"),
    ],
)
def test_has_three_figures_and_the_unit_that_suits(value: float, unit: Unit, text: str) -> None:
    assert quantities.format(value, unit) == text


@pytest.mark.parametrize("unit", Unit)
def test_every_unit_is_known(unit: Unit) -> None:
    assert quantities.format(1, unit)


@pytest.mark.parametrize(
    ("value", "low", "high", "unit", "text"),
    [
        (48.2e6, 47.9e6, 48.3e6, Unit.NANOSECONDS, "48.2 ±0.3 ms"),
        (1.95, 1.93, 1.96, Unit.FACTOR, "1.95 ±0.02"),
        (0.5, 0.48, 0.51, Unit.SHARE, "50 ±2 %"),
        (100, 100, 100, Unit.COUNT, "100 ±0"),
        (120e6, 100e6, 121e6, Unit.NANOSECONDS, "120 ±20 ms"),
        # An interval that the value lies beside: of a file that is not ours to trust.
        (100, 101, 99, Unit.COUNT, "100 ±0"),
    ],
)
def test_an_interval_is_told_by_its_wider_half(
    value: float, low: float, high: float, unit: Unit, text: str
) -> None:
    assert format_figure(Figure(value=value, unit=unit, low=low, high=high)) == text


def test_what_has_no_interval_stands_alone() -> None:
    assert format_figure(Figure(value=3, unit=Unit.COUNT)) == "3"


def test_the_half_stands_alone_where_there_is_little_room() -> None:
    figure = Figure(value=48.2e6, unit=Unit.NANOSECONDS, low=47.9e6, high=48.3e6)
    assert quantities.format_half(figure) == "±0.3 ms"
    assert quantities.format_half(Figure(value=3, unit=Unit.COUNT)) is None


@pytest.mark.parametrize(
    ("ratio", "text"), [(1270.4, "×1270"), (1.9, "×1.90"), (0.05, "×0.05"), (100, "×100")]
)
def test_a_ratio_has_three_figures(ratio: float, text: str) -> None:
    assert quantities.format_ratio(ratio) == text


def test_the_sign_is_the_page_s() -> None:
    figure = Figure(value=3, unit=Unit.COUNT, low=2, high=4)
    assert format_figure(figure, "+-") == "3 +-1"
