"""`list`: what can be measured, and who can run it here."""

from __future__ import annotations

import sys

import click

__all__ = ["list_"]


@click.command(name="list")
def list_() -> None:
    """List workloads and backends: what each is, and whether it runs here."""
    from rich.text import Text

    from gilbench import backends, workloads
    from gilbench.report import catalogue, page

    console = page.console_on(sys.stdout)
    on = page.page_on(console)
    lines = [
        *catalogue.catalogue_lines("Workloads", workloads.catalogue(), on),
        Text(),
        *catalogue.catalogue_lines("Backends", backends.catalogue(), on),
    ]
    page.show(lines, console)
