"""`env`: the machine and the interpreter as results record them."""

from __future__ import annotations

import json
import sys

import click

from gilbench.cli.options import format_option

__all__ = ["env"]


@click.command(name="env")
@format_option("text", "json")
def env(form: str) -> None:
    """Show the machine as results record it."""
    from gilbench.machine import environment

    if form == "json":
        from gilbench.results.codec import encode

        click.echo(json.dumps(encode(environment()), allow_nan=False, indent=2))
        return
    from gilbench.report import machine, page

    console = page.console_on(sys.stdout)
    page.show(machine.environment_lines(environment(), page.page_on(console)), console)
