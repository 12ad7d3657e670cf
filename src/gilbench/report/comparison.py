"""The report of a comparison: the table, the claims, and of few rows all that they found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.text import Text

from gilbench.comparison import Cell, Way
from gilbench.report.again import again_lines
from gilbench.report.claims import claim_lines
from gilbench.report.footnotes import Footnotes
from gilbench.report.grid import Line, grid, legend, shown
from gilbench.report.layout import paragraphs, prose
from gilbench.report.machine import caution_lines, machine_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gilbench.comparison import FactsFindings, Row, Table
    from gilbench.report.page import Page

__all__ = ["answer", "report"]

_WAYS: Final = tuple(way.value for way in Way)

# Who asks for so few wants to see all of it; of more, the table is what fits a page.
_FEW: Final = 3


def report(findings: FactsFindings, page: Page, *, stored: str | None = None) -> list[Text]:
    """Return the whole report as lines that fit the page, the headline last.

    `stored` is what to show it again with: the file that the trials were written to, quoted for a
    shell.
    """
    few = findings.rows if len(findings.rows) <= _FEW else ()
    return paragraphs(
        [
            [*machine_line(findings.environment, page), *caution_lines(findings.environment, page)],
            _table(findings, page),
            claim_lines(findings.rows, page),
            *(part for row in few for part in _details(row, page)),
            [
                *(line for note in findings.notes for line in prose(shown(note, page), page.width)),
                *again_lines(stored, page),
            ],
            _headline(findings, page),
        ]
    )


def answer(findings: FactsFindings, page: Page) -> list[Text]:
    """Return only the table, the claims and the headline."""
    return paragraphs(
        [
            _table(findings, page),
            claim_lines(findings.rows, page),
            _headline(findings, page),
        ]
    )


def _table(findings: FactsFindings, page: Page) -> list[Text]:
    """Return a line for each row, with what the figures are, and the reasons for lacking ones."""
    lines = [Line(name=row.row, told=row.fact, cells=_cells(row.columns)) for row in findings.rows]
    caption = page.glyphs.spell(
        "By way of having several workers; ± is the wider half of a 95 % interval, × the ratio to"
        " the thread's figure, where both are above zero."
    )
    return [*prose(caption, page.width), Text(), *_grid(_WAYS, lines, page)]


def _details(row: Row, page: Page) -> list[list[Text]]:
    """Return what the row found beside its line and its claims, under its question."""
    facts = [
        Line(name="", told=fact.name, cells=_cells(fact.columns)) for fact in row.evidence.facts
    ]
    parts = [
        _grid(_WAYS, facts, page),
        *(_fuller_table(table, page) for table in row.evidence.tables),
        [line for note in row.evidence.notes for line in prose(shown(note, page), page.width)],
    ]
    some = [part for part in parts if part]
    if not some:
        return []
    question = prose(shown(f"{row.row}: {row.question}", page), page.width, style="bold")
    return [[*question, *some[0]], *some[1:]]


def _fuller_table(table: Table, page: Page) -> list[Text]:
    lines = [Line(name="", told=line.label, cells=line.cells) for line in table.lines]
    return [
        *prose(shown(table.title, page), page.width, style="bold"),
        *_grid(table.headings, lines, page),
    ]


def _grid(headings: Iterable[str], lines: list[Line], page: Page) -> list[Text]:
    if not lines:
        return []
    footnotes = Footnotes()
    return [
        *grid(tuple(headings), lines, page, footnotes),
        *legend(lines, page),
        *footnotes.lines(page),
    ]


def _cells(columns: Mapping[Way, Cell]) -> tuple[Cell, ...]:
    return tuple(columns.get(way, Cell()) for way in Way)


def _headline(findings: FactsFindings, page: Page) -> list[Text]:
    return prose(shown(findings.headline, page), page.width, style="bold")
