"""Numbered reasons under a table, each reason once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gilbench.report.layout import prose

if TYPE_CHECKING:
    from rich.text import Text

    from gilbench.report.page import Page

__all__ = ["Footnotes"]


class Footnotes:
    """Collects reasons in the order in which they are first met."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def mark(self, reason: str) -> str:
        """Return the mark that stands for `reason`, such as `[1]`; the same reason, the same."""
        return f"[{self._numbers.setdefault(reason, len(self._numbers) + 1)}]"

    def lines(self, page: Page) -> list[Text]:
        """Return the reasons with their marks, wrapped to the page."""
        return [
            line
            for reason, number in self._numbers.items()
            for line in prose(f"[{number}] {page.glyphs.spell(reason)}", page.width, indent=4)
        ]
