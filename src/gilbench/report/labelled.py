"""Facts under each other: a label, and aligned to its right what there is to say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.text import Text

from gilbench.report.layout import flow, prose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gilbench.report.page import Page

__all__ = ["MARGIN", "fact", "pieced"]

MARGIN: Final = 19
"""Where all facts start, in cells: the longest label is `detaches per call`."""


def fact(label: str, fill: Callable[[int], Sequence[Text]], page: Page) -> list[Text]:
    """Return `label`, and beside it the lines that `fill` returns for the width that is left.

    On a narrow page they stand below it.
    """
    if page.width < 2 * MARGIN:
        below = (Text("  ").append_text(line) for line in fill(page.width - 2))
        return [*prose(label, page.width), *below]
    first, *rest = fill(page.width - MARGIN)
    return [
        Text(label.ljust(MARGIN)).append_text(first),
        *(Text(" " * MARGIN).append_text(line) if line else line for line in rest),
    ]


def pieced(pieces: Iterable[str], *, style: str = "") -> Callable[[int], list[Text]]:
    """Return what fills a width with these pieces, each whole while it fits a line."""
    texts = [Text(piece, style) for piece in pieces]
    return lambda width: flow(texts, width)
