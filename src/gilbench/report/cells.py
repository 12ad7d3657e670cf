"""The cells of the table: what one case, or the ceiling of a row, looks like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from gilbench.model import Status
from gilbench.report import figures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gilbench.model import CaseFinding
    from gilbench.report.footnotes import Footnotes
    from gilbench.report.glyphs import Glyphs

__all__ = ["case_cell", "ceiling_cell"]


def case_cell(case: CaseFinding | None, glyphs: Glyphs, footnotes: Footnotes) -> list[Text]:
    """Return the lines of a case's cell: its speedup and bite, or its status and a footnote's mark.

    An inconclusive case shows the speedup that it has; a case that was not planned, a dash.
    """
    if case is None:
        return [Text(glyphs.none)]
    ok = case.status is Status.OK
    style = figures.bite_style(case.bite) if ok else ""
    lines = []
    if case.speedup is not None:
        lines.append(Text(figures.speedup(case.speedup, glyphs), style))
    if case.bite is not None and ok:
        lines.append(Text(figures.bite(case.bite, glyphs), style))
    if not ok:
        lines += _status(case, footnotes)
    return lines or [Text(glyphs.none)]


def ceiling_cell(cases: Sequence[CaseFinding], glyphs: Glyphs, footnotes: Footnotes) -> list[Text]:
    """Return the lines of the ceiling that the cases of a row share, and who measured it.

    Where there is none, the native case says why.
    """
    for case in cases:
        if case.ceiling is not None:
            return [Text(figures.speedup(case.ceiling, glyphs)), Text(case.ceiling.source)]
    for case in cases:
        if case.backend == "native" and case.status is not Status.OK:
            return _status(case, footnotes)
    return [Text(glyphs.none)]


def _status(case: CaseFinding, footnotes: Footnotes) -> list[Text]:
    lines = [Text(case.status.value)]
    if case.reason is not None:
        lines.append(Text(f"see {footnotes.mark(case.reason)}"))
    return lines
