"""What became of each claim: the outcome, the claim, and below them what decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.text import Text

from gilbench.comparison import Claim, Outcome
from gilbench.report.grid import shown
from gilbench.report.layout import flow, prose, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gilbench.comparison import Row
    from gilbench.report.page import Page

__all__ = ["claim_lines"]

_STYLES: Final = {
    Outcome.HOLDS: "green",
    Outcome.DOES_NOT_HOLD: "red",
    Outcome.DEPENDS: "yellow",
    Outcome.INCONCLUSIVE: "magenta",
}


def claim_lines(rows: Sequence[Row], page: Page) -> list[Text]:
    """Return the claims of all rows, those of a row one after the other."""
    return [line for row in rows for claim in _claims(row) for line in _lines(claim, page)]


def _claims(row: Row) -> Iterator[Claim]:
    yield Claim(claim=row.claim, holds=row.holds, deciding=row.evidence.deciding)
    yield from row.evidence.claims


def _lines(claim: Claim, page: Page) -> list[Text]:
    outcome = Text(f"{claim.holds}:", f"bold {_STYLES[claim.holds]}")
    said = [Text(word) for word in words(shown(claim.claim, page))]
    return [
        *flow([outcome, *said], page.width, indent=2),
        *prose(shown(claim.deciding, page), page.width, start=2, indent=2),
    ]
