"""Where a command stores what it measures, and how it says so when it is interrupted."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from gilbench.cli.interruption import describe
from gilbench.cli.messages import say

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["output_option", "quoted", "stored"]

Command = TypeVar("Command", bound=Callable[..., Any])


def output_option(command: Command) -> Command:
    """Return `command` with `--output`."""
    return click.option(
        "--output",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Where to store the samples.  [default: a file in your state folder]",
    )(command)


@contextmanager
def stored(output: Path | None) -> Iterator[Path]:
    """Yield the file to store in. A run that is interrupted ends with a line that names it.

    The file that nobody named does not stay behind empty. Raises `click.Abort`.
    """
    path = _default_output() if output is None else output
    try:
        yield path
    except KeyboardInterrupt as interruption:
        said = (
            f"what was measured so far: python -m gilbench show {quoted(path)}"
            if _holds_something(path)
            else "nothing was measured yet"
        )
        if sys.stderr.isatty():
            click.echo(err=True)  # the terminal wrote ^C on this line
        say(f"{describe(interruption)}; {said}")
        raise click.Abort from interruption
    finally:
        if output is None and not _holds_something(path):
            path.unlink(missing_ok=True)


def quoted(path: Path) -> str:
    """Return `path` as a shell takes it: cmd and PowerShell know double quotes only."""
    if os.name == "nt":
        return f'"{path}"' if " " in str(path) else str(path)
    return shlex.quote(str(path))


def _default_output() -> Path:
    from gilbench.results import default_place

    place = default_place(datetime.now().astimezone())
    if place.note is not None:
        say(place.note)
    return place.path


def _holds_something(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0
