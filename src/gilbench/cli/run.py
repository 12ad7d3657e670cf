"""`run`: measures, stores what was measured, and reports it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from gilbench.cli.against import against_option, earlier_run
from gilbench.cli.completion import complete_backends, complete_modes, complete_workloads
from gilbench.cli.forms import FORMS, write
from gilbench.cli.measuring import measuring
from gilbench.cli.options import duration, format_option, names, numbers, percent
from gilbench.cli.storing import output_option, quoted
from gilbench.cli.strictness import insist, strict_option

if TYPE_CHECKING:
    from pathlib import Path

    from rich.text import Text

    from gilbench.report.page import Page

__all__ = ["run"]


@click.command(name="run")
@click.argument("workloads", metavar="[WORKLOAD]...", nargs=-1, shell_complete=complete_workloads)
@click.option(
    "--backends",
    metavar="LIST",
    callback=names,
    shell_complete=complete_backends,
    help="Who runs them: see list.",
)
@click.option(
    "--modes",
    metavar="LIST",
    callback=names,
    shell_complete=complete_modes,
    help="hold, release, or both.",
)
@click.option("--workers", metavar="LIST", callback=numbers, help="Worker counts, such as 1,2,4.")
@click.option("--grain", metavar="DURATION", callback=duration, help="Work between two returns.")
@click.option(
    "--budget",
    metavar="DURATION",
    callback=duration,
    default="16s",
    show_default=True,
    help="The time to measure in, at most.",
)
@click.option(
    "--precision",
    metavar="PERCENT",
    callback=percent,
    default="3",
    show_default=True,
    help="Stop once every speedup's interval is this narrow, to each side.",
)
@click.option(
    "--seed",
    metavar="N",
    type=click.IntRange(0, 2**64 - 1),
    help="Of the order of cases and of the intervals.  [default: a new one]",
)
@click.option("--pin", is_flag=True, help="Keep workers on their own cores, physical ones first.")
@output_option
@against_option
@format_option(*FORMS)
@strict_option
@click.option("--quiet", is_flag=True, help="No progress; of the text only table and answer.")
def run(
    *,
    workloads: tuple[str, ...],
    backends: tuple[str, ...] | None,
    modes: tuple[str, ...] | None,
    workers: tuple[int, ...] | None,
    grain: str | None,
    budget: str,
    precision: float,
    seed: int | None,
    pin: bool,
    output: Path | None,
    against: Path | None,
    form: str,
    strict: bool,
    quiet: bool,
) -> None:
    """Measure how each way of running scales.

    A WORKLOAD is a kernel's name, name:param=value,... (mix:share=0.5,grain=1ms), or your own
    function without arguments as module:function, found from the current folder. Without one:
    a kernel of each kind. A LIST has commas and no spaces; a DURATION is 100us, 1ms, 2.5s, 1min.
    """
    from gilbench.report import terminal
    from gilbench.studies import scaling

    earlier = earlier_run(against, output)
    with measuring(output, quiet=quiet) as (path, on_progress):
        findings = scaling.run(
            workloads or scaling.DEFAULT_WORKLOADS,
            backends=backends,
            modes=modes,
            workers=workers,
            grain=grain,
            budget=budget,
            precision=precision,
            seed=seed,
            pin=pin,
            output=path,
            against=earlier,
            on_progress=on_progress,
        )

    def text(on: Page) -> list[Text]:
        if quiet:
            return terminal.answer(findings, on)
        more = "" if against is None else f" --against {quoted(against)}"
        return terminal.report(findings, on, stored=quoted(path) + more)

    write(findings, form, text)
    if strict:
        insist(findings)
