"""Durations as people write them, to nanoseconds and back."""

from __future__ import annotations

import math
import re
from contextlib import suppress
from typing import Final

from gilbench.errors import InputError

__all__ = ["format", "parse"]

_UNITS: Final = {
    "ns": 1,
    "us": 10**3,
    "µs": 10**3,  # U+00B5, the micro sign
    "μs": 10**3,  # U+03BC, the Greek letter
    "ms": 10**6,
    "s": 10**9,
    "min": 60 * 10**9,
}
_WRITTEN: Final = re.compile(rf"\s*([-+.\deE]+)\s*({'|'.join(_UNITS)})?\s*")
_MINUTE_NS: Final = _UNITS["min"]


def parse(duration: str | float) -> int:
    """Return `duration` in whole nanoseconds; a number without a unit is in seconds.

    Raises `InputError` for what is no duration, and for zero, negative and endless ones.
    """
    number, unit = _split(duration)
    if not math.isfinite(number * _UNITS[unit]) or round(number * _UNITS[unit]) < 1:
        raise InputError(f"duration {duration!s}: must be longer than zero, and end")
    return round(number * _UNITS[unit])


def format(nanoseconds: float) -> str:
    """Return a duration of at least zero to three figures, such as `1 ms`, `2.5 s`, `1 min 5 s`."""
    if nanoseconds == 0:
        return "0 s"
    if round(nanoseconds, -9) >= _MINUTE_NS:
        minutes, seconds = divmod(round(nanoseconds / 10**9), 60)
        return f"{minutes} min {seconds} s" if seconds else f"{minutes} min"
    for unit in ("ns", "us", "ms"):
        amount = _three_figures(nanoseconds / _UNITS[unit])
        if amount < 1000:
            return f"{amount:g} {unit}"
    return f"{_three_figures(nanoseconds / 10**9):g} s"


def _split(duration: str | float) -> tuple[float, str]:
    written = _WRITTEN.fullmatch(duration) if isinstance(duration, str) else None
    with suppress(TypeError, ValueError, OverflowError):
        if written is not None:
            return float(written[1]), written[2] or "s"
        if not isinstance(duration, str):
            return float(duration), "s"
    raise InputError(
        f"duration {duration!r}: write it as 100us, 1ms, 2.5s or 1min; a plain number is in seconds"
    )


def _three_figures(amount: float) -> float:
    return float(f"{amount:.3g}")
