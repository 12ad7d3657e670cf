"""`--strict`: a run whose evidence does not stand is a failure."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from gilbench.model import Findings

__all__ = ["insist", "strict_option"]

Command = TypeVar("Command", bound=Callable[..., Any])


def strict_option(command: Command) -> Command:
    """Return `command` with `--strict`."""
    return click.option(
        "--strict",
        is_flag=True,
        help="Exit with status 1 if a case was inconclusive or failed.",
    )(command)


def insist(findings: Findings) -> None:
    """Return if every case that could run here came to something.

    Raises `click.ClickException`, exit status 1, with one line that names those that did not.
    """
    from gilbench.model import Status

    told, lacking = [], 0
    for status in (Status.INCONCLUSIVE, Status.FAILED):
        names = [
            f"{case.workload} ({case.mode}, {case.workers} {case.backend})"
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
