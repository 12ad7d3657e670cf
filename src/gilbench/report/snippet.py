"""Code and messages as others wrote them: folded and shortened for a page, and harmless there."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len, chop_cells
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gilbench.report.glyphs import Glyphs

__all__ = ["escaped", "snippet"]

_INDENT: Final = re.compile(r"[ \t]*")
_WORD: Final = re.compile(r" *[^ ]+")


def escaped(text: str) -> str:
    """Return `text` with every character that cannot be printed as Python escapes it.

    That is what steers a terminal, turns the direction of writing, or has no width. White space
    stays.
    """
    return "".join(
        char
        if char.isprintable() or char in " \t\n"
        else char.encode("unicode_escape").decode("ascii")
        for char in text
    )


def snippet(code: str, width: int, glyphs: Glyphs, *, most: int = 6) -> list[Text]:
    """Return the lines of `code`, folded at `width` cells: at most `most` lines, at least one.

    Where there is more, the last one says how long the whole is.
    """
    code = code.replace("\r\n", "\n").strip("\n")
    # A character may have no width; to look at four times of what fits is plenty.
    shown = code[: 4 * most * width]
    lines = list(islice(_lines(shown, width), most + 1))
    if len(lines) > most or len(shown) < len(code):
        lines = [*lines[: most - 1], glyphs.spell(f"… ({len(code)} characters)")]
    return [Text(line) for line in lines]


def _lines(code: str, width: int) -> Iterator[str]:
    for line in code.split("\n"):
        indent = _INDENT.match(line)
        assert indent is not None
        rest = escaped(line[indent.end() :]).replace("\t", r"\t")
        yield from _folded(indent[0].expandtabs(4) + rest, width)


def _folded(line: str, width: int) -> Iterator[str]:
    """Yield the line in rows, broken at spaces; within a word only where it is wider than a row."""
    row = ""
    for found in _WORD.finditer(line.rstrip()):
        word = found[0]
        if cell_len(row + word) <= width:
            row += word
            continue
        if row:
            yield row
            word = word.lstrip()
        *whole, row = chop_cells(word, width)
        yield from whole
    yield row
