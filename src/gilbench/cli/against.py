"""`--against`: an earlier run, which one worker of this one is compared with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from gilbench.errors import InputError

if TYPE_CHECKING:
    from gilbench.results import StoredRun

__all__ = ["against_option", "earlier_run"]

Command = TypeVar("Command", bound=Callable[..., Any])


def against_option(command: Command) -> Command:
    """Return `command` with `--against`."""
    return click.option(
        "--against",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Compare one thread with a stored run, as of a GIL build.",
    )(command)


def earlier_run(against: Path | None, file: Path | None) -> StoredRun | None:
    """Return the run that `against` holds, or null without one.

    Raises InputError for what cannot be read or is no run, and where it is the run's own `file`.
    """
    if against is None:
        return None
    if file is not None and file.resolve() == against.resolve():
        raise InputError(f"--against {against} is this run's own file: name another run's")
    from gilbench import results

    return results.load_run(against)
