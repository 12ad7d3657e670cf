"""Lines of text that fit a width: wrapped at whole pieces, or aligned in columns."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["GAP", "columns", "flow", "natural_width", "paragraphs", "prose", "words"]

_WORD: Final = re.compile(r"\S*\d (?:%|ns|us|ms|s|min|GiB)(?!\w)\S*|n = \d\S*|\S+")

GAP: Final = 2
"""How many cells stand between two columns."""


def flow(pieces: Iterable[Text], width: int, *, start: int = 0, indent: int = 0) -> list[Text]:
    """Return the pieces, a space between them, in lines of at most `width` cells.

    The first line starts with `start` spaces, those after it with `indent`. A piece stays whole as
    long as it fits a line of its own, so that no figure is torn from its unit; else it breaks at
    its spaces. A single word that is too long (a path) stands out on the right: cut, it could not
    be copied.
    """
    lines: list[list[Text]] = [[]]
    left = width - start
    for piece in _breakable(pieces, width - max(start, indent)):
        if lines[-1] and piece.cell_len + 1 > left:
            lines.append([])
            left = width - indent
        left -= piece.cell_len + (1 if lines[-1] else 0)
        lines[-1].append(piece)
    margins = [start, *([indent] * (len(lines) - 1))]
    return [
        Text(" " * margin).append_text(Text(" ").join(line))
        for margin, line in zip(margins, lines, strict=True)
    ]


def prose(text: str, width: int, *, style: str = "", start: int = 0, indent: int = 0) -> list[Text]:
    """Return a sentence in lines of at most `width` cells, as `flow` does it with its words.

    A number and its unit count as one word, and so does what `n` is.
    """
    return flow((Text(word, style) for word in words(text)), width, start=start, indent=indent)


def words(text: str) -> list[str]:
    """Return the words of a sentence, a number and its unit as one."""
    return _WORD.findall(text)


def paragraphs(parts: Iterable[list[Text]]) -> list[Text]:
    """Return the lines of all parts, an empty line between two; empty ones are out."""
    lines: list[Text] = []
    for part in filter(None, parts):
        lines += [Text(), *part] if lines else part
    return lines


def columns(rows: Sequence[Sequence[Sequence[Text]]]) -> list[Text]:
    """Return rows of cells (each a few lines) as lines, every column as wide as its widest cell."""
    widths = _widths(rows)
    return [_padded(line, widths) for row in rows for line in zip_longest(*row, fillvalue=Text())]


def natural_width(rows: Sequence[Sequence[Sequence[Text]]]) -> int:
    """Return how many cells wide `columns` lays these rows out."""
    widths = _widths(rows)
    return sum(widths) + GAP * (len(widths) - 1)


def _breakable(pieces: Iterable[Text], width: int) -> Iterable[Text]:
    for piece in pieces:
        if piece.cell_len > width:
            yield from piece.split(" ")
        else:
            yield piece


def _widths(rows: Sequence[Sequence[Sequence[Text]]]) -> list[int]:
    return [
        max((line.cell_len for cell in column for line in cell), default=0)
        for column in zip_longest(*rows, fillvalue=())
    ]


def _padded(cells: Sequence[Text], widths: Sequence[int]) -> Text:
    line = Text()
    for cell, width in zip(cells, widths, strict=False):
        line.append_text(cell)
        line.append(" " * (width - cell.cell_len + GAP))
    line.rstrip()
    return line
