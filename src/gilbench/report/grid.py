"""A grid of a comparison's cells: a line per thing told, a column per heading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rich.text import Text

from gilbench import quantities
from gilbench.report.layout import GAP, columns, flow, natural_width, prose, words
from gilbench.report.snippet import escaped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gilbench.comparison import Cell
    from gilbench.report.footnotes import Footnotes
    from gilbench.report.page import Page

__all__ = ["Line", "grid", "legend", "shown"]

# A label wraps to what the figures leave of the page, if that is at least so much.
_NARROWEST_LABEL: Final = 14
_WIDEST_LABEL: Final = 44
# What is no figure wraps in its cell, where there is little room at what `unavailable` takes.
_WORDS: Final = 20
_FEW_WORDS: Final = len("unavailable")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a grid: its `name`, which may be empty, what it tells, and its cells."""

    name: str
    told: str
    cells: tuple[Cell, ...]


def grid(
    headings: Sequence[str], lines: Sequence[Line], page: Page, footnotes: Footnotes
) -> list[Text]:
    """Return the lines as a table with a rule below its head; as a list on a narrow page."""
    for joined in (True, False):
        contents = [
            [_cell(cell, page, footnotes, joined=joined) for cell in line.cells] for line in lines
        ]
        titles = [[Text(shown(heading, page), "bold")] for heading in headings]
        left = page.width - natural_width([titles, *contents]) - GAP
        if left < min(_NARROWEST_LABEL, _natural(lines, page)):
            continue
        labels = [_label(line, min(left, _WIDEST_LABEL), page) for line in lines]
        head = [[Text()], *titles]
        body = [[label, *cells] for label, cells in zip(labels, contents, strict=True)]
        width = natural_width([head, *body])
        if width <= page.width:  # a word of a label may be longer than its share
            # Of more than two lines each, they run into each other.
            spaced = body if joined else [part for each in body for part in ([[Text()]], each)][1:]
            top, *rows = columns([head, *spaced])
            return [top, Text(page.glyphs.rule * width), *rows]
    return [text for line in lines for text in _listed(headings, line, page, footnotes)]


def legend(lines: Sequence[Line], page: Page) -> list[Text]:
    """Return what a dash means; nothing where there is none."""
    if not any(_is_empty(cell) for line in lines for cell in line.cells):
        return []
    return prose(f"{page.glyphs.none} not measured", page.width, indent=2)


def shown(text: str, page: Page) -> str:
    """Return what others wrote as it can be shown on the page."""
    return page.glyphs.spell(escaped(text))


def _natural(lines: Sequence[Line], page: Page) -> int:
    return max(
        Text(shown(text, page)).cell_len for line in lines for text in (line.name, line.told)
    )


def _label(line: Line, width: int, page: Page) -> list[Text]:
    name = prose(shown(line.name, page), width, style="bold") if line.name else []
    return [*name, *prose(shown(line.told, page), width)]


def _cell(cell: Cell, page: Page, footnotes: Footnotes, *, joined: bool) -> list[Text]:
    """Return a figure and below it its ratio; not `joined`, its interval stands between the two."""
    if cell.figure is not None:
        figure, sign = cell.figure, page.glyphs.plus_minus
        told = (
            [quantities.format_figure(figure, sign)]
            if joined
            else [
                quantities.format(figure.value, figure.unit),
                *filter(None, [quantities.format_half(figure, sign)]),
            ]
        )
        if cell.ratio is not None:
            told.append(page.glyphs.spell(quantities.format_ratio(cell.ratio)))
        return [Text(each) for each in told]
    if cell.words is not None:
        return prose(shown(cell.words, page), _WORDS if joined else _FEW_WORDS)
    if cell.unavailable is not None:
        return [Text("unavailable"), Text(f"see {footnotes.mark(escaped(cell.unavailable))}")]
    return [Text(page.glyphs.none)]


def _is_empty(cell: Cell) -> bool:
    return cell.figure is None and cell.words is None and cell.unavailable is None


def _listed(headings: Sequence[str], line: Line, page: Page, footnotes: Footnotes) -> list[Text]:
    pieces = [Text(f"{shown(line.name, page)}:", "bold")] if line.name else []
    style = "" if line.name else "bold"
    pieces += [Text(word, style) for word in words(shown(line.told, page))]
    texts = flow(pieces, page.width)
    for heading, cell in zip(headings, line.cells, strict=True):
        told = [Text(f"{shown(heading, page)}:"), *_pieces(cell, page, footnotes)]
        texts += flow(told, page.width, start=2, indent=4)
    return texts


def _pieces(cell: Cell, page: Page, footnotes: Footnotes) -> list[Text]:
    if cell.figure is None and cell.words is not None:
        return [Text(word) for word in words(shown(cell.words, page))]
    *front, last = _cell(cell, page, footnotes, joined=True)
    return [*(Text.assemble(each, ",") for each in front), last]
