"""Measured quantities as people read them: three figures, and the unit that suits them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench.comparison import Unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gilbench.comparison import Figure

__all__ = ["format", "format_figure", "format_half", "format_ratio"]

_KIB: Final = 2.0**10

# From the smallest on: how many there are in one, and what it is called.
_STEPS: Final[Mapping[Unit, tuple[tuple[float, str], ...]]] = {
    Unit.NANOSECONDS: ((1.0, "ns"), (1e3, "us"), (1e6, "ms"), (1e9, "s")),
    Unit.BYTES: ((1.0, "B"), (_KIB, "KiB"), (_KIB**2, "MiB"), (_KIB**3, "GiB")),
    Unit.PER_SECOND: ((1.0, "/s"), (1e3, "k/s"), (1e6, "M/s")),
    Unit.BYTES_PER_SECOND: ((1.0, "B/s"), (_KIB, "KiB/s"), (_KIB**2, "MiB/s"), (_KIB**3, "GiB/s")),
    Unit.SHARE: ((0.01, "%"),),
    Unit.FACTOR: ((1.0, ""),),
    Unit.COUNT: ((1.0, ""),),
}


def format(value: float, unit: Unit) -> str:
    """Return a value of `unit` to three figures: `48.2 ms`, `12.3 MiB`, `50 %`; a factor as `1.90`.

    It may be below zero, as a difference is.
    """
    size, name = _step(value, unit)
    return f"{_amount(value / size, unit)} {name}".rstrip()


def format_figure(figure: Figure, plus_minus: str = "±") -> str:
    """Return a figure and, where it has an interval, the wider half of that: `48.2 ±0.3 ms`."""
    half = format_half(figure, plus_minus)
    if half is None:
        return format(figure.value, figure.unit)
    size, _ = _step(figure.value, figure.unit)
    return f"{_amount(figure.value / size, figure.unit)} {half}"


def format_half(figure: Figure, plus_minus: str = "±") -> str | None:
    """Return the wider half of a figure's interval, in the unit of its value, null without one."""
    if figure.low is None or figure.high is None:
        return None
    size, name = _step(figure.value, figure.unit)
    half = max(figure.high - figure.value, figure.value - figure.low, 0.0)
    return f"{plus_minus}{_one_figure(half / size)} {name}".rstrip()


def format_ratio(ratio: float) -> str:
    """Return how many times as much it is: `×1270`, `×1.90`, `×0.05`."""
    return f"×{_amount(ratio, Unit.FACTOR)}"


def _step(value: float, unit: Unit) -> tuple[float, str]:
    """Return the unit in which there are less than 1000, or the largest."""
    steps = _STEPS[unit]
    return next((step for step in steps if _rounded(abs(value) / step[0], 3) < 1000), steps[-1])


def _amount(amount: float, unit: Unit) -> str:
    # Factors are read beside each other: 1.80 and 2.00.
    if unit is Unit.FACTOR and 0.1 <= abs(amount) < 9.995:
        return f"{amount:.2f}"
    return _three_figures(amount)


def _three_figures(amount: float) -> str:
    return f"{amount:.0f}" if abs(amount) >= 100 else f"{_rounded(amount, 3):g}"


def _one_figure(amount: float) -> str:
    return f"{amount:.0f}" if amount >= 10 else f"{_rounded(amount, 1):g}"


def _rounded(amount: float, figures: int) -> float:
    return float(f"{amount:.{figures}g}")
