"""The forms that findings are written in."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.text import Text

    from gilbench.comparison import FactsFindings
    from gilbench.evidence import CheckFindings
    from gilbench.model import Findings
    from gilbench.report.page import Page

__all__ = ["CHECK_FORMS", "FACTS_FORMS", "FORMS", "write", "write_check", "write_facts"]

FORMS: Final = ("text", "json", "csv", "markdown")
CHECK_FORMS: Final = ("text", "json")
FACTS_FORMS: Final = ("text", "json")


def write(findings: Findings, form: str, text: Callable[[Page], list[Text]]) -> None:
    """Write the findings on standard output, and nothing else; `text` is the report for a page."""
    if form == "json":
        from gilbench.results import findings_to_json

        click.echo(findings_to_json(findings))
        return
    if form == "csv":
        from gilbench.report.csv import findings_to_csv

        # As bytes: a stream of text may write its own line ends.
        click.echo(findings_to_csv(findings).encode("utf-8", "backslashreplace"), nl=False)
        return
    from gilbench.report import page

    console = page.console_on(sys.stdout)
    on = page.page_on(console)
    if form == "markdown":
        from gilbench.report.markdown import findings_to_markdown

        click.echo(findings_to_markdown(findings, on.glyphs), nl=False)
        return
    page.show(text(on), console)


def write_check(findings: CheckFindings, form: str, text: Callable[[Page], list[Text]]) -> None:
    """Write the findings of a check on standard output, as `write` does those of a run."""
    if form == "json":
        from gilbench.results import check_findings_to_json

        click.echo(check_findings_to_json(findings))
        return
    _write_text(text)


def write_facts(findings: FactsFindings, form: str, text: Callable[[Page], list[Text]]) -> None:
    """Write the findings of a comparison on standard output, as `write` does those of a run."""
    if form == "json":
        from gilbench.results import facts_findings_to_json

        click.echo(facts_findings_to_json(findings))
        return
    _write_text(text)


def _write_text(text: Callable[[Page], list[Text]]) -> None:
    from gilbench.report import page

    console = page.console_on(sys.stdout)
    page.show(text(page.page_on(console)), console)
