"""`show`: the findings of a stored run, check or comparison, computed again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gilbench.cli.against import against_option, earlier_run
from gilbench.cli.forms import CHECK_FORMS, FACTS_FORMS, FORMS, write, write_check, write_facts
from gilbench.cli.options import format_option
from gilbench.cli.strictness import (
    insist,
    insist_on_outcomes,
    insist_on_verdict,
    strict_option,
)
from gilbench.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gilbench.comparison import FactsFindings
    from gilbench.evidence import CheckFindings
    from gilbench.model import Findings

__all__ = ["show"]


@click.command(name="show")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@against_option
@format_option(*FORMS)
@strict_option
def show(file: Path, against: Path | None, form: str, strict: bool) -> None:
    """Show the findings of a stored run, check or facts, computed again from its samples."""
    from gilbench import results

    stored = results.load(file)
    if isinstance(stored, results.StoredCheck):
        from gilbench.studies.check.findings import check_findings

        _refuse_what_only_runs_have(f"{file} holds a check", against, form, CHECK_FORMS)
        _show_check(check_findings(stored), form, strict=strict)
    elif isinstance(stored, results.StoredFacts):
        from gilbench.studies.comparison.study import facts_findings

        _refuse_what_only_runs_have(f"{file} holds a comparison", against, form, FACTS_FORMS)
        _show_facts(facts_findings(stored), form, strict=strict)
    else:
        from gilbench.studies import scaling

        found = scaling.findings(stored, against=earlier_run(against, file))
        _show_run(found, form, strict=strict)


def _refuse_what_only_runs_have(
    holds: str, against: Path | None, form: str, forms: Sequence[str]
) -> None:
    if against is not None:
        raise InputError(f"{holds}: --against compares runs")
    if form not in forms:
        raise InputError(f"{holds}, which is shown as {' or '.join(forms)}, not as {form}")


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


def _show_facts(findings: FactsFindings, form: str, *, strict: bool) -> None:
    from gilbench.report import comparison

    write_facts(findings, form, lambda page: comparison.report(findings, page))
    if strict:
        insist_on_outcomes(findings)
