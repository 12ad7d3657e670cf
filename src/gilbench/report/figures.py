"""How figures are written: estimates with half-widths, shares in percent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from gilbench.model import Estimate
    from gilbench.report.glyphs import Glyphs

__all__ = ["bite", "bite_style", "interval", "percent", "share", "speedup"]

# Below the first, a way gives what the hardware has (within noise); above the second, it bites.
_MILD: Final = 0.12
_STRONG: Final = 0.3


def speedup(estimate: Estimate, glyphs: Glyphs) -> str:
    """Return a ratio with the larger half of its interval, such as `1.95 ±0.02`."""
    decimals = 2 if abs(estimate.value) < 10 else 1
    half = _larger_half(estimate)
    return f"{estimate.value:.{decimals}f} {glyphs.plus_minus}{half:.{decimals}f}"


def interval(estimate: Estimate, form: str = "z.2f") -> str:
    """Return an estimate with the ends of its interval, such as `0.93 [0.91, 0.95]`."""
    value, low, high = (
        format(figure, form) for figure in (estimate.value, estimate.low, estimate.high)
    )
    return f"{value} [{low}, {high}]"


def bite(estimate: Estimate, glyphs: Glyphs) -> str:
    """Return a bite with the larger half of its interval, such as `bite 50 ±1 %`."""
    return f"bite {share(estimate, glyphs)}"


def share(estimate: Estimate, glyphs: Glyphs) -> str:
    """Return a share in whole percent with the larger half of its interval, such as `50 ±1 %`."""
    half = round(_larger_half(estimate) * 100)
    return f"{round(estimate.value * 100)} {glyphs.plus_minus}{half} %"


def percent(share: float) -> str:
    """Return a signed share as whole percent, such as `49 %`."""
    return f"{round(share * 100)} %"


def bite_style(estimate: Estimate | None) -> str:
    """Return the colour of a bite: green, yellow or red; none where there is no bite."""
    if estimate is None:
        return ""
    if estimate.value < _MILD:
        return "green"
    return "yellow" if estimate.value < _STRONG else "red"


def _larger_half(estimate: Estimate) -> float:
    return max(estimate.high - estimate.value, estimate.value - estimate.low)
