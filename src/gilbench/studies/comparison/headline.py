"""The one sentence of a comparison: how many claims hold here, which do not, and by how much."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from gilbench import quantities
from gilbench.comparison import Outcome, Unit, Way

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gilbench.comparison import Cell, Figure, Row

__all__ = ["headline"]

# In the order told, of one claim and of several.
_VERBS: Final = {
    Outcome.DOES_NOT_HOLD: ("does not", "do not"),
    Outcome.DEPENDS: ("depends", "depend"),
    Outcome.INCONCLUSIVE: ("is inconclusive", "are inconclusive"),
}
_WAYS: Final = {
    Way.INTERPRETER: "a subinterpreter",
    Way.FORK: "a forked process",
    Way.FORKSERVER: "a process of a forkserver",
    Way.SPAWN: "a spawned process",
}
# What is no further from a thread than that is nothing to point at.
_STRIKING: Final = 1.5


def headline(rows: Sequence[Row]) -> str:
    """Return how many of the claims hold here, in which rows one does not, and the widest gap.

    That is the figure in the table which is furthest from its thread's, where one is far.
    """
    outcomes = [(row.row, outcome) for row in rows for outcome in _outcomes(row)]
    held = sum(outcome is Outcome.HOLDS for _, outcome in outcomes)
    parts = [_held(held, len(outcomes))]
    for outcome, verbs in _VERBS.items():
        where = [name for name, each in outcomes if each is outcome]
        if where:
            names = ", ".join(dict.fromkeys(where))
            parts.append(f"{len(where)} {verbs[len(where) > 1]} ({names})")
    *front, last = parts
    told = f"{', '.join(front)} and {last}" if front else last
    gap = _widest_gap(rows)
    return f"{told}; {gap}." if gap else f"{told}."


def _outcomes(row: Row) -> Iterator[Outcome]:
    yield row.holds
    for claim in row.evidence.claims:
        yield claim.holds


def _held(held: int, claims: int) -> str:
    if claims == 1:
        return "The one claim holds here" if held else "Of one claim none holds here"
    said = "none holds" if held == 0 else f"{held} holds" if held == 1 else f"{held} hold"
    return f"Of {claims} claims {said} here"


def _widest_gap(rows: Sequence[Row]) -> str | None:
    far = [
        (abs(math.log(cell.ratio)), row, way, cell.figure, thread, cell.ratio)
        for row in rows
        if (thread := _figure(row.columns.get(Way.THREAD))) is not None
        for way, cell in row.columns.items()
        if way in _WAYS
        and cell.figure is not None
        and cell.ratio is not None
        and cell.ratio > 0
        # How many times as often something happened that is a matter of chance is no gap.
        and cell.figure.unit is not Unit.SHARE
    ]
    if not far:
        return None
    distance, row, way, figure, thread, ratio = max(far, key=lambda each: each[0])
    if distance < math.log(_STRIKING):
        return None
    return (
        f"the widest gap is in {row.row}, {row.fact}: {_said(figure)} with {_WAYS[way]},"
        f" {_said(thread)} with a thread ({_times(ratio)})"
    )


def _figure(cell: Cell | None) -> Figure | None:
    return None if cell is None else cell.figure


def _said(figure: Figure) -> str:
    return quantities.format(figure.value, figure.unit)


def _times(ratio: float) -> str:
    if ratio >= 1:
        return f"{quantities.format(ratio, Unit.FACTOR)} times as much"
    return f"1/{quantities.format(1 / ratio, Unit.FACTOR)} as much"
