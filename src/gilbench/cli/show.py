"""`show`: the findings of a stored run, computed again."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from gilbench.cli.options import format_option

__all__ = ["show"]


@click.command(name="show")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@format_option
def show(file: Path, form: str) -> None:
    """Show the findings of a stored run, computed again from its samples."""
    from gilbench import results
    from gilbench.studies import scaling

    findings = scaling.findings(results.load(file))
    if form == "json":
        click.echo(results.findings_to_json(findings))
        return
    from gilbench.report import page, terminal

    console = page.console_on(sys.stdout)
    page.show(terminal.report(findings, page.page_on(console)), console)
