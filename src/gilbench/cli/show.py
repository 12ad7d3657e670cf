"""`show`: the findings of a stored run or check, computed again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gilbench.cli.against import against_option, earlier_run
from gilbench.cli.forms import CHECK_FORMS, FORMS, write, write_check
from gilbench.cli.options import format_option
from gilbench.cli.strictness import insist, insist_on_verdict, strict_option
from gilbench.errors import InputError

if TYPE_CHECKING:
    from gilbench.evidence import CheckFindings
    from gilbench.model import Findings

__all__ = ["show"]


@click.command(name="show")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@against_option
@format_option(*FORMS)
@strict_option
def show(file: Path, against: Path | None, form: str, strict: bool) -> None:
    """Show the findings of a stored run or check, computed again from its samples."""
    from gilbench import results

    stored = results.load(file)
    if isinstance(stored, results.StoredCheck):
        from gilbench.studies.check.findings import check_findings

        if against is not None:
            raise InputError(f"{file} holds a check: --against compares runs")
        if form not in CHECK_FORMS:
            raise InputError(f"{file} holds a check, which is shown as text or json, not as {form}")
        _show_check(check_findings(stored), form, strict=strict)
    else:
        from gilbench.studies import scaling

        found = scaling.findings(stored, against=earlier_run(against, file))
        _show_run(found, form, strict=strict)


def _show_run(findings: Findings, form: str, *, strict: bool) -> None:
    from gilbench.report import terminal

    write(findings, form, lambda page: terminal.report(findings, page))
    if strict:
        insist(findings)


def _show_check(findings: CheckFindings, form: str, *, strict: bool) -> None:
    from gilbench.report import check

    write_check(findings, form, lambda page: check.report(findings, page))
    if strict:
        insist_on_verdict(findings)
