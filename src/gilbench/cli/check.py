"""`check`: one function or statement, what it does with the GIL, and the evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from gilbench.cli.forms import CHECK_FORMS, write_check
from gilbench.cli.measuring import measuring
from gilbench.cli.options import duration, format_option
from gilbench.cli.storing import output_option, quoted
from gilbench.cli.strictness import insist_on_verdict, strict_option

if TYPE_CHECKING:
    from pathlib import Path

    from rich.text import Text

    from gilbench.report.page import Page

__all__ = ["check"]


@click.command(name="check")
@click.argument("target", metavar="TARGET")
@click.option(
    "-s",
    "--setup",
    metavar="STATEMENT",
    multiple=True,
    help="What to run once before; several are the lines of one.",
)
@click.option(
    "--sizes",
    metavar="FIRST..LAST",
    help="The values of n to look at, such as 64..1MiB: from which on does it release?",
)
@click.option(
    "--budget",
    metavar="DURATION",
    callback=duration,
    default="3s",
    show_default=True,
    help="The time to measure in, for calls that are not long themselves.",
)
@click.option(
    "--timeout",
    metavar="DURATION",
    callback=duration,
    default="60s",
    show_default=True,
    help="How long one call may take.",
)
@click.option(
    "--seed",
    metavar="N",
    type=click.IntRange(0, 2**64 - 1),
    help="Of the order of the rounds and of the intervals.  [default: a new one]",
)
@output_option
@format_option(*CHECK_FORMS)
@strict_option
@click.option("--quiet", is_flag=True, help="No progress; of the text only verdict and advice.")
def check(
    *,
    target: str,
    setup: tuple[str, ...],
    sizes: str | None,
    budget: str,
    timeout: str,
    seed: int | None,
    output: Path | None,
    form: str,
    strict: bool,
    quiet: bool,
) -> None:
    """Tell whether a call releases the GIL, and for what share of it.

    TARGET is a statement, as timeit takes it, or your own function without arguments as
    module:function, found from the current folder. It runs in a process of its own. With --sizes,
    statement and setup may use n, the size. A DURATION is 100us, 1ms, 2.5s, 1min.
    """
    from gilbench.report import check as report
    from gilbench.studies.check.study import check as examine

    with measuring(output, quiet=quiet) as (path, on_progress):
        findings = examine(
            target,
            setup="\n".join(setup),
            sizes=sizes,
            budget=budget,
            timeout=timeout,
            output=path,
            seed=seed,
            on_progress=on_progress,
        )

    def text(on: Page) -> list[Text]:
        if quiet:
            return report.answer(findings, on)
        return report.report(findings, on, stored=quoted(path))

    write_check(findings, form, text)
    if strict:
        insist_on_verdict(findings)
