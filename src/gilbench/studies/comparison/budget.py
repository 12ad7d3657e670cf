"""How the time of a comparison is shared out among its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench.studies.comparison.plan import in_order

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gilbench.comparison import FactsPlan

__all__ = ["budget_ns"]

_S: Final = 1_000_000_000

# Of the whole table, so that it comes within 60 s, and within 15 s of a hurried one; a row alone
# gets its own share only. What is left is for what a row must do whatever it costs.
_WHOLE_NS: Final = 48 * _S
_QUICK_NS: Final = 12 * _S
# What it takes to load psycopg and to connect to the user's server, in each way: for nothing else.
_ASKING_NS: Final = 2 * _S
_QUICKLY_ASKING_NS: Final = 1 * _S
# What has more to try gets more.
_WEIGHTS: Final[Mapping[str, int]] = {
    "memory": 5,
    "gil": 3,
    "creation": 6,
    "communication": 9,
    "crash": 11,
    "races": 4,
    "cpu-bound": 5,
    "io-bound": 7,
}


def budget_ns(plan: FactsPlan, row: str, elapsed_ns: int = 0) -> int:
    """Return the time that a row may take, about, when so much of the whole has gone by.

    Where rows before it took longer than they were given, it and those that follow bear what the
    whole cannot, but keep two thirds of their own: less than that would tell nothing.
    """
    order = in_order(plan)
    share_ns = _share_ns(plan, row)
    ahead_ns = _together_ns(plan, order[order.index(row) :])
    left_ns = _together_ns(plan, order) - elapsed_ns
    return share_ns * min(max(left_ns, ahead_ns * 2 // 3), ahead_ns) // ahead_ns


def _together_ns(plan: FactsPlan, rows: Sequence[str]) -> int:
    return sum(_share_ns(plan, row) for row in rows)


def _share_ns(plan: FactsPlan, row: str) -> int:
    whole_ns = _QUICK_NS if plan.quick else _WHOLE_NS
    if plan.postgres:
        whole_ns -= _QUICKLY_ASKING_NS if plan.quick else _ASKING_NS
    return whole_ns * _WEIGHTS[row] // sum(_WEIGHTS.values())
