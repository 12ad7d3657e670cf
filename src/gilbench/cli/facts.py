"""`facts`: the table of processes and threads, measured here, and what is said of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from gilbench.cli.completion import complete_rows
from gilbench.cli.forms import FACTS_FORMS, write_facts
from gilbench.cli.measuring import measuring
from gilbench.cli.options import format_option
from gilbench.cli.storing import output_option, quoted
from gilbench.cli.strictness import insist_on_outcomes, strict_option

if TYPE_CHECKING:
    from pathlib import Path

    from rich.text import Text

    from gilbench.report.page import Page

__all__ = ["facts"]


@click.command(name="facts")
@click.argument("rows", metavar="[ROW]...", nargs=-1, shell_complete=complete_rows)
@click.option("--quick", is_flag=True, help="In 15 s instead of 60 s, with less to rest on.")
@click.option(
    "--workers",
    metavar="N",
    type=click.IntRange(2, 64),
    help="The largest number of workers.  [default: the cores, from 2 to 8]",
)
@click.option(
    "--import",
    "imports",
    metavar="MODULE",
    multiple=True,
    help="What the workers of memory and creation load, such as numpy; may be repeated.",
)
@click.option(
    "--dsn",
    metavar="DSN",
    help="A PostgreSQL server for io-bound, as psycopg takes it; stored nowhere.",
)
@click.option(
    "--seed",
    metavar="N",
    type=click.IntRange(0, 2**64 - 1),
    help="Of the order of the trials and of the intervals.  [default: a new one]",
)
@output_option
@format_option(*FACTS_FORMS)
@strict_option
@click.option("--quiet", is_flag=True, help="No progress; of the text only table and claims.")
def facts(
    *,
    rows: tuple[str, ...],
    quick: bool,
    workers: int | None,
    imports: tuple[str, ...],
    dsn: str | None,
    seed: int | None,
    output: Path | None,
    form: str,
    strict: bool,
    quiet: bool,
) -> None:
    """Compare processes and threads, and say which claims hold.

    The table that articles print, with figures of this machine in place of adjectives: for threads,
    subinterpreters, and processes by start method. A ROW is memory, gil, creation, communication,
    crash, races, cpu-bound or io-bound; without one, all of them. Of up to three rows all that they
    found is shown.
    """
    from gilbench.report import comparison as report
    from gilbench.studies.comparison.study import facts as compare

    with measuring(output, quiet=quiet) as (path, on_progress):
        findings = compare(
            rows,
            quick=quick,
            workers=workers,
            imports=imports,
            dsn=dsn,
            output=path,
            seed=seed,
            on_progress=on_progress,
        )

    def text(on: Page) -> list[Text]:
        if quiet:
            return report.answer(findings, on)
        return report.report(findings, on, stored=quoted(path))

    write_facts(findings, form, text)
    if strict:
        insist_on_outcomes(findings)
