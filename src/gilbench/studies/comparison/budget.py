"""How the time of a comparison is shared out among its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gilbench.comparison import FactsPlan

__all__ = ["budget_ns"]

_S: Final = 1_000_000_000

# Of the whole table, so that it comes within 60 s, and within 15 s of a hurried one; a row alone
# gets its own share only. What is left is for what a row must do whatever it costs.
_WHOLE_NS: Final = 51 * _S
_QUICK_NS: Final = 12 * _S
# What has more to try gets more.
_WEIGHTS: Final[Mapping[str, int]] = {
    "memory": 6,
    "gil": 4,
    "creation": 6,
    "communication": 10,
    "crash": 11,
    "races": 5,
    "cpu-bound": 5,
    "io-bound": 7,
}


def budget_ns(plan: FactsPlan, row: str) -> int:
    """Return the time that a row may take, about."""
    whole_ns = _QUICK_NS if plan.quick else _WHOLE_NS
    return whole_ns * _WEIGHTS[row] // sum(_WEIGHTS.values())
