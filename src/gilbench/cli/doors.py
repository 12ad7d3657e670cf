"""The group of commands, and the way in: every error of ours is one line and an exit status."""

from __future__ import annotations

import errno
import io
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from gilbench._version import __version__
from gilbench.cli.check import check
from gilbench.cli.env import env
from gilbench.cli.facts import facts
from gilbench.cli.interruption import describe, exit_status, termination_interrupts
from gilbench.cli.list import list_
from gilbench.cli.messages import say
from gilbench.cli.run import run
from gilbench.cli.show import show
from gilbench.errors import GilbenchError, InputError, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

__all__ = ["doors", "main"]

# Why a stream that is open takes nothing; files of results have an error of their own.
_UNWRITABLE: Final = frozenset(
    {errno.EPIPE, errno.ENOSPC, errno.EFBIG, errno.EIO, errno.EBADF, getattr(errno, "EDQUOT", -1)}
)


class _Doors(click.Group):
    """Runs `run` when no command is named, and knows the nearest command."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Return the arguments that are left for the command."""
        if ctx.resilient_parsing:  # a shell asks what may come next: commands, too
            return super().parse_args(ctx, args)
        try:
            return super().parse_args(ctx, args or ["run"])
        except click.NoSuchOption as error:
            option = error.option_name
            if any(option in parameter.opts for parameter in run.params):
                raise InputError(
                    f"{option} is an option of run: python -m gilbench run {option}"
                ) from error
            raise

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that `args` begins with. Raises `InputError` for an unknown one."""
        if args[0] not in self.commands and not ctx.resilient_parsing:
            raise InputError(f"no command {args[0]!r}{nearest(args[0], self.commands)}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Return what the command does. Raises `click.Abort`, with one line, when interrupted."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as interruption:
            _say(describe(interruption), exit_status(interruption))
            raise click.Abort from interruption


@click.group(cls=_Doors)
@click.version_option(__version__, message="gilbench %(version)s")
def doors() -> None:
    """Show where the GIL bites, by how much, and why.

    Without a command: run, with its defaults.
    """


for _command in (run, check, facts, list_, env, show):
    doors.add_command(_command)


def main(arguments: Sequence[str]) -> int:
    """Return the exit status of the command line `arguments`.

    What the user got wrong, and what broke as expected, is one line on standard error.
    """
    for stream in (sys.stdout, sys.stderr):
        # A path that is not text, or a sign that the encoding lacks, must not end a report.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        with termination_interrupts():
            doors.main(list(arguments), standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
    except click.ClickException as error:
        return _say(error.format_message(), error.exit_code)
    except GilbenchError as error:
        return _say(str(error), error.exit_status)
    except click.Abort as abort:
        return exit_status(abort.__cause__)
    except OSError as error:
        # What is opened by name brings its name along.
        if error.errno not in _UNWRITABLE or error.filename is not None:
            raise
        _abandon(sys.stdout)
        if error.errno == errno.EPIPE:  # who reads has seen enough, as `head` has
            return 1
        return _say(f"the output cannot be written: {error.strerror}", 1)
    return 0


def _abandon(stream: TextIO) -> None:
    """Let what is left in a stream go nowhere: the interpreter would try it again as it ends."""
    with suppress(OSError), Path(os.devnull).open("wb") as nothing:
        os.dup2(nothing.fileno(), stream.fileno())


def _say(message: str, status: int) -> int:
    say(message)
    return status
