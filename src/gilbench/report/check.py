"""The report of a check: the target, the verdict, what it rests on, and what to do about it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rich.text import Text

from gilbench.report.again import again_lines
from gilbench.report.check_evidence import evidence_lines, gil_lines
from gilbench.report.check_sizes import size_table, threshold_lines
from gilbench.report.check_words import sentence, verdict_style
from gilbench.report.labelled import fact
from gilbench.report.layout import paragraphs, prose
from gilbench.report.machine import caution_lines, machine_line
from gilbench.report.snippet import escaped, snippet

if TYPE_CHECKING:
    from gilbench.evidence import CheckFindings, Target
    from gilbench.report.page import Page

__all__ = ["answer", "report"]


def report(findings: CheckFindings, page: Page, *, stored: str | None = None) -> list[Text]:
    """Return the whole report as lines that fit the page, headline and advice last.

    `stored` is what to show it again with: the file that the check was written to, quoted for a
    shell.
    """
    return paragraphs(
        [
            [*machine_line(findings.environment, page), *caution_lines(findings.environment, page)],
            _target(findings.target, page),
            [*_headed(_verdict(findings, page), page), *evidence_lines(findings, page)],
            gil_lines(findings, page),
            size_table(findings, page),
            threshold_lines(findings, page),
            [
                *(line for note in findings.notes for line in _told(note, page)),
                *again_lines(stored, page),
            ],
            [*_told(findings.headline, page, style="bold"), *_told(findings.advice, page)],
        ]
    )


def answer(findings: CheckFindings, page: Page) -> list[Text]:
    """Return only the verdict and the advice."""
    return [*_verdict(findings, page), *_told(findings.advice, page)]


def _target(target: Target, page: Page) -> list[Text]:
    parts = [("target", target.function or target.statement or ""), ("setup", target.setup)]
    return [
        line
        for label, code in parts
        if code.strip()
        for line in fact(label, partial(snippet, code, glyphs=page.glyphs), page)
    ]


def _verdict(findings: CheckFindings, page: Page) -> list[Text]:
    style = f"bold {verdict_style(findings.verdict)}"
    return prose(page.glyphs.spell(sentence(findings)), page.width, style=style, indent=2)


def _headed(verdict: list[Text], page: Page) -> list[Text]:
    """The verdict with a rule below, so that it stands out without colour too."""
    width = min(max(line.cell_len for line in verdict), page.width)
    return [*verdict, Text(page.glyphs.rule * width)]


def _told(text: str, page: Page, *, style: str = "") -> list[Text]:
    """A sentence of the findings; nothing where there is none."""
    if not text:
        return []
    return prose(page.glyphs.spell(escaped(text)), page.width, style=style)
