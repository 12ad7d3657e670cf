"""The catalogue: workloads and backends, what each is, and whether it runs here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from gilbench.report.layout import GAP, columns, prose

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gilbench.model import Listing
    from gilbench.report.page import Page

__all__ = ["catalogue_lines"]

# Narrower than this, four columns leave a word a line.
_TABLE = 72
_MARGIN = 2


def catalogue_lines(heading: str, listings: Sequence[Listing], page: Page) -> list[Text]:
    """Return a heading and an aligned table of these listings; a list where it is too narrow."""
    body = _table(listings, page) if page.width >= _TABLE else _list(listings, page)
    return [Text(heading, "bold"), *body]


def _table(listings: Sequence[Listing], page: Page) -> list[Text]:
    """Parameters and availability get what they need, up to a share; the summary, the rest."""
    names = _widest(listing.name for listing in listings)
    with_parameters = any(listing.parameters for listing in listings)
    rest = page.width - _MARGIN - names - (3 if with_parameters else 2) * GAP
    parameters = min(_widest(each.parameters for each in listings), rest // 4)
    availability = min(_widest(_availability(each, page) for each in listings), rest * 2 // 5)
    rows = []
    for listing in listings:
        cells = [
            [Text(" " * _MARGIN + listing.name)],
            prose(page.glyphs.spell(listing.summary), rest - parameters - availability),
            prose(listing.parameters or page.glyphs.none, parameters),
            prose(_availability(listing, page), availability),
        ]
        rows.append(cells if with_parameters else [*cells[:2], cells[3]])
    return columns(rows)


def _widest(texts: Iterable[str]) -> int:
    return max(cell_len(text) for text in texts)


def _list(listings: Sequence[Listing], page: Page) -> list[Text]:
    lines = []
    for listing in listings:
        lines.append(Text(" " * _MARGIN + listing.name))
        texts = [
            page.glyphs.spell(listing.summary),
            listing.parameters,
            _availability(listing, page),
        ]
        for text in filter(None, texts):
            lines += prose(text, page.width, start=4, indent=4)
    return lines


def _availability(listing: Listing, page: Page) -> str:
    if listing.unavailable is None:
        return "available"
    return f"unavailable: {page.glyphs.spell(listing.unavailable)}"
