"""What a command says beside its output: one line on standard error."""

from __future__ import annotations

from contextlib import suppress

import click

from gilbench.report.harmless import harmless

__all__ = ["say"]


def say(message: str) -> None:
    """Write `message` as one line on standard error, after our name; in vain where that is broken.

    A control character in it, such as a terminal's escape, is written as `?`.
    """
    with suppress(OSError):
        click.echo(f"gilbench: {harmless(' '.join(message.split()))}", err=True)
