"""`show`: the findings of a stored run, computed again."""

from __future__ import annotations

from pathlib import Path

import click

from gilbench.cli.against import against_option, earlier_run
from gilbench.cli.forms import FORMS, write
from gilbench.cli.options import format_option
from gilbench.cli.strictness import insist, strict_option

__all__ = ["show"]


@click.command(name="show")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@against_option
@format_option(*FORMS)
@strict_option
def show(file: Path, against: Path | None, form: str, strict: bool) -> None:
    """Show the findings of a stored run, computed again from its samples."""
    from gilbench import results
    from gilbench.report import terminal
    from gilbench.studies import scaling

    findings = scaling.findings(results.load(file), against=earlier_run(against, file))
    write(findings, form, lambda page: terminal.report(findings, page))
    if strict:
        insist(findings)
