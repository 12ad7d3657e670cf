"""The report of a run as Markdown, to be pasted where people write to each other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rich.text import Text

from gilbench.report.against import against_lines
from gilbench.report.cells import case_cell, ceiling_cell
from gilbench.report.curves import curve_lines
from gilbench.report.fairness import fairness_lines
from gilbench.report.figures import percent
from gilbench.report.footnotes import Footnotes
from gilbench.report.glyphs import UNICODE
from gilbench.report.harmless import harmless
from gilbench.report.losses import KINDS, budgets_of, heading
from gilbench.report.machine import caution_lines, machine_line
from gilbench.report.page import Page
from gilbench.report.rows import counts_of, rows_of
from gilbench.report.table import caption, legend
from gilbench.report.ways import title, ways_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gilbench.model import Findings, Losses
    from gilbench.report.glyphs import Glyphs
    from gilbench.report.losses import Budget, Kind

__all__ = ["findings_to_markdown"]

# Wider than any sentence: whoever shows Markdown breaks its lines.
_ENDLESS: Final = 10**6
# What means something to GitHub in the middle of a line; a backslash takes that from any of them.
_MARKS: Final = re.compile(r"([\\`*_\[\]<>|~#&$])")
# What would begin a list at the start of a line.
_BULLET: Final = re.compile(r"(\d*)([-+.)])(?= )")


def findings_to_markdown(findings: Findings, glyphs: Glyphs = UNICODE) -> str:
    """Return the report in GitHub's Markdown: the headline, the machine, the tables and the notes.

    `glyphs` are the characters to use, for an encoding that lacks some.
    """
    page = Page(width=_ENDLESS, glyphs=glyphs)
    environment = findings.environment
    parts = [
        f"**{_escaped(glyphs.spell(findings.headline))}**",
        _sentences(machine_line(environment, page)),
        _items(line.plain for line in caution_lines(environment, page)),
        *_speedups(findings, page),
        *_losses(findings, glyphs),
        _items(line.plain for line in fairness_lines(findings, page)),
        _section(curve_lines(findings, page)),
        _section(against_lines(findings, page)),
        _section([Text("Notes"), *(Text(glyphs.spell(note)) for note in findings.notes)]),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _speedups(findings: Findings, page: Page) -> list[str]:
    """The terminal's table, with what stands above and below it."""
    rows = rows_of(findings.cases)
    if not rows:
        return ["No case was measured."]
    ways = ways_of(case for row in rows for case in row.cases)
    several = len(counts_of(rows)) > 1
    footnotes = Footnotes()
    names = [title(way, findings.environment) for way in ways]
    body = [
        [
            _escaped(row.label),
            *([str(row.workers)] if several else []),
            *(_cell(case_cell(row.case(way), page.glyphs, footnotes)) for way in ways),
            _cell(ceiling_cell(row.cases, page.glyphs, footnotes)),
        ]
        for row in rows
    ]
    header = ["workload", *(["workers"] if several else []), *map(_escaped, names), "ceiling"]
    return [
        _sentences(caption(rows, page)),
        _table([header, *body], figures=len(header) - 1),
        _lines([*legend(rows, ways, page), *footnotes.lines(page)]),
    ]


def _losses(findings: Findings, glyphs: Glyphs) -> list[str]:
    budgets = budgets_of(findings)
    if not budgets:
        return []
    kinds = [kind for kind in KINDS if any(_tells(kind, budget.losses) for budget in budgets)]
    body = [
        [_escaped(budget.label), *(_share(kind, budget, glyphs) for kind in kinds)]
        for budget in budgets
    ]
    header = ["workload", *(kind.label for kind in kinds)]
    return [
        f"**{heading(budgets)}** ({glyphs.none}: not measurable)",
        _table([header, *body], figures=len(kinds)),
    ]


def _tells(kind: Kind, losses: Losses) -> bool:
    """Whether a share rounds to something, as in the terminal's list of them."""
    return bool(round((kind.share(losses) or 0.0) * 100))


def _share(kind: Kind, budget: Budget, glyphs: Glyphs) -> str:
    share = kind.share(budget.losses)
    if share is None:
        return glyphs.none
    inferred = budget.inferred and kind.field == "gil_wait"
    return f"{percent(share)} (inferred)" if inferred else percent(share)


def _table(rows: Sequence[Sequence[str]], *, figures: int) -> str:
    """A table whose last columns, so many, stand to the right; the first row is its header."""
    header, *body = rows
    rule = [*["---"] * (len(header) - figures), *["---:"] * figures]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (header, rule, *body))


def _cell(lines: Iterable[Text]) -> str:
    return "<br>".join(_escaped(line.plain) for line in lines)


def _sentences(lines: Iterable[Text]) -> str:
    return _escaped(" ".join(line.plain for line in lines))


def _lines(lines: Iterable[Text]) -> str:
    """Lines that stay apart: two spaces at a line's end are a break."""
    return "  \n".join(_escaped(line.plain) for line in lines)


def _section(lines: Sequence[Text]) -> str:
    """A heading, and what stands below it; nothing where there is nothing below."""
    if len(lines) < 2:
        return ""
    heading, *below = (line.plain for line in lines)
    return f"**{_escaped(heading)}**\n\n{_items(below)}"


def _items(texts: Iterable[str]) -> str:
    """A list; cautions come with a sign of their own."""
    return "\n".join(f"- {_escaped(text.removeprefix('! '))}" for text in texts)


def _escaped(text: str) -> str:
    """Return what shows as `text`, in one line."""
    escaped = _MARKS.sub(r"\\\1", harmless(" ".join(text.split())))
    bullet = _BULLET.match(escaped)
    return escaped if bullet is None else f"{bullet[1]}\\{escaped[len(bullet[1]) :]}"
