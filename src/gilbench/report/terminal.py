"""The report of a run: the machine, the speedups and what explains them, and the answer last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gilbench.report.again import again_lines
from gilbench.report.against import against_lines
from gilbench.report.budget import loss_budget
from gilbench.report.curves import curve_lines
from gilbench.report.fairness import fairness_lines
from gilbench.report.layout import paragraphs, prose
from gilbench.report.machine import caution_lines, machine_line
from gilbench.report.table import speedup_table

if TYPE_CHECKING:
    from rich.text import Text

    from gilbench.model import Findings
    from gilbench.report.page import Page

__all__ = ["answer", "report"]


def report(findings: Findings, page: Page, *, stored: str | None = None) -> list[Text]:
    """Return the whole report as lines that fit the page, the headline last.

    `stored` is what to show it again with: the file that the run was written to, quoted for a
    shell, and options.
    """
    return paragraphs(
        [
            [*machine_line(findings.environment, page), *caution_lines(findings.environment, page)],
            speedup_table(findings, page),
            [*loss_budget(findings, page), *fairness_lines(findings, page)],
            curve_lines(findings, page),
            against_lines(findings, page),
            [*_notes(findings, page), *again_lines(stored, page)],
            _headline(findings, page),
        ]
    )


def answer(findings: Findings, page: Page) -> list[Text]:
    """Return only the table, what was asked of another run, and the headline."""
    return paragraphs(
        [
            speedup_table(findings, page),
            against_lines(findings, page),
            _headline(findings, page),
        ]
    )


def _headline(findings: Findings, page: Page) -> list[Text]:
    return prose(page.glyphs.spell(findings.headline), page.width, style="bold")


def _notes(findings: Findings, page: Page) -> list[Text]:
    return [line for note in findings.notes for line in prose(page.glyphs.spell(note), page.width)]
