"""How to see a report again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

if TYPE_CHECKING:
    from gilbench.report.page import Page

__all__ = ["again_lines"]


def again_lines(stored: str | None, page: Page) -> list[Text]:
    """Return the command that shows what is in `stored`, quoted for a shell; nothing without.

    The command stays on one line, however long: broken, it could not be copied.
    """
    if stored is None:
        return []
    introduction = Text("To see this again:")
    command = Text(f"python -m gilbench show {stored}")
    if introduction.cell_len + 1 + command.cell_len <= page.width:
        return [Text(" ").join([introduction, command])]
    return [introduction, command]
