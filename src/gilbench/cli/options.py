"""How the values of options are read, and the option that several commands have.

The readers are callbacks of click's: they get null for an option that was not given.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from gilbench import durations
from gilbench.errors import InputError

__all__ = ["duration", "format_option", "names", "numbers", "percent"]

Command = TypeVar("Command", bound=Callable[..., Any])


def duration(_context: click.Context, _option: click.Parameter, text: str | None) -> str | None:
    """Return the text itself, once it is known to be a duration."""
    if text is not None:
        try:
            durations.parse(text)
        except InputError as error:
            raise click.BadParameter(str(error)) from error
    return text


def percent(_context: click.Context, _option: click.Parameter, text: str) -> float:
    """Return the share that a percentage is: 0.03 for `3` and for `3%`."""
    try:
        share = float(text.strip().removesuffix("%")) / 100
    except ValueError:
        share = 0.0
    if not 0 < share < 1:
        raise click.BadParameter(f"{text!r}: write a percentage above 0 and below 100, such as 3")
    return share


def names(
    _context: click.Context, _option: click.Parameter, text: str | None
) -> tuple[str, ...] | None:
    """Return what stands between the commas."""
    if text is None:
        return None
    parts = tuple(part.strip() for part in text.split(","))
    if not all(parts):
        raise click.BadParameter(f"{text!r}: write one name, or several with commas between them")
    return parts


def numbers(
    _context: click.Context, _option: click.Parameter, text: str | None
) -> tuple[int, ...] | None:
    """Return the whole numbers above zero that stand between the commas."""
    if text is None:
        return None
    try:
        parts = tuple(int(part) for part in text.split(","))
    except ValueError:
        parts = (0,)
    if min(parts) < 1:
        raise click.BadParameter(f"{text!r}: write whole numbers from 1 on, such as 1,2,4")
    return parts


def format_option(*forms: str) -> Callable[[Command], Command]:
    """Return what gives a command `--format`, passed to it as `form`: the first is the default."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(forms),
        default=forms[0],
        show_default=True,
        help="What to write on standard output, and nothing else there.",
    )
