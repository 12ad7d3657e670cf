"""Where a report goes: a console of a width and a character set."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.text import Text

from gilbench.report.glyphs import Glyphs, glyphs_for
from gilbench.report.harmless import harmless

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Page", "console_on", "page_on", "show"]

# Narrower than this, words such as "other blocked" no longer fit a line.
_NARROWEST = 20


@dataclass(frozen=True, kw_only=True)
class Page:
    """What a report must know of where it goes: width in cells, and characters."""

    width: int
    glyphs: Glyphs


def console_on(stream: TextIO) -> Console:
    """Return a console on `stream`: coloured on a terminal, unless the user set NO_COLOR."""
    return Console(
        file=stream,
        # rich's own NO_COLOR takes off the colours, but leaves bold and dim, which are escapes too.
        color_system=None if os.environ.get("NO_COLOR") else "auto",
        highlight=False,
        markup=False,
        emoji=False,
    )


def page_on(console: Console) -> Page:
    """Return the page that `console` offers; COLUMNS sets its width, 80 where nothing tells."""
    return Page(width=max(console.width, _NARROWEST), glyphs=glyphs_for(console.encoding))


def show(lines: Sequence[Text], console: Console) -> None:
    """Print lines as they are: they were laid out for the page already.

    A control character in them, such as a terminal's escape, is printed as `?`.
    """
    console.print(Text("\n").join(map(_harmless, lines)), soft_wrap=True)


def _harmless(line: Text) -> Text:
    shown = line.copy()
    shown.plain = harmless(line.plain)
    return shown
