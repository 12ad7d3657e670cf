"""`--strict`: a run, check or comparison whose evidence does not stand is a failure."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from gilbench.comparison import FactsFindings
    from gilbench.evidence import CheckFindings
    from gilbench.model import Findings

__all__ = ["insist", "insist_on_outcomes", "insist_on_verdict", "strict_option"]

Command = TypeVar("Command", bound=Callable[..., Any])


def strict_option(command: Command) -> Command:
    """Return `command` with `--strict`."""
    return click.option(
        "--strict",
        is_flag=True,
        help="Exit with status 1 if anything was inconclusive or failed.",
    )(command)


def insist(findings: Findings) -> None:
    """Return if every case that could run here came to something.

    Raises `click.ClickException`, exit status 1, with one line that names those that did not.
    """
    from gilbench.labels import labels_of
    from gilbench.model import Status

    workload = labels_of(findings.cases)
    told, lacking = [], 0
    for status in (Status.INCONCLUSIVE, Status.FAILED):
        names = [
            f"{workload(case)} ({case.mode}, {case.workers} {case.backend})"
            for case in findings.cases
            if case.status is status
        ]
        if names:
            lacking += len(names)
            told.append(f"{status}: {', '.join(names)}")
    if told:
        raise click.ClickException(
            f"{lacking} of {len(findings.cases)} cases do not stand; {'; '.join(told)}"
        )


def insist_on_verdict(findings: CheckFindings) -> None:
    """Return if the check came to a verdict, at every size if it has sizes.

    Raises `click.ClickException`, exit status 1, with one line that says where it did not.
    """
    from gilbench.evidence import Verdict

    lacking = [str(size.size) for size in findings.sizes if size.verdict is Verdict.INCONCLUSIVE]
    if lacking:
        raise click.ClickException(
            f"{len(lacking)} of {len(findings.sizes)} sizes are inconclusive: {', '.join(lacking)}"
        )
    if findings.verdict is Verdict.INCONCLUSIVE:
        raise click.ClickException(f"inconclusive: {findings.reason}")


def insist_on_outcomes(findings: FactsFindings) -> None:
    """Return if every claim came to an outcome.

    Raises `click.ClickException`, exit status 1, with one line that names the rows of those that
    did not.
    """
    from gilbench.comparison import Outcome

    outcomes = [
        (row.row, outcome)
        for row in findings.rows
        for outcome in (row.holds, *(claim.holds for claim in row.evidence.claims))
    ]
    lacking = [name for name, outcome in outcomes if outcome is Outcome.INCONCLUSIVE]
    if lacking:
        names = ", ".join(dict.fromkeys(lacking))
        raise click.ClickException(
            f"{len(lacking)} of {len(outcomes)} claims are inconclusive: {names}"
        )
