"""`run`: measures, stores what was measured, and reports it."""

from __future__ import annotations

import os
import shlex
import sys
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gilbench.cli.options import duration, format_option, names, numbers, percent

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["run"]


@click.command(name="run")
@click.argument("workloads", metavar="[WORKLOAD]...", nargs=-1)
@click.option("--backends", metavar="LIST", callback=names, help="Who runs them: see list.")
@click.option("--modes", metavar="LIST", callback=names, help="hold, release, or both.")
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
@click.option(
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Where to store the samples.  [default: a file in your state folder]",
)
@format_option
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
    output: Path | None,
    form: str,
    quiet: bool,
) -> None:
    """Measure how each way of running scales.

    A WORKLOAD is a kernel's name, name:param=value,... (mix:share=0.5,grain=1ms), or your own
    function without arguments as module:function, found from the current folder. Without one:
    a kernel of each kind. A LIST has commas and no spaces; a DURATION is 100us, 1ms, 2.5s, 1min.
    """
    from gilbench.report import page, terminal
    from gilbench.report.progress import progress_bar
    from gilbench.studies import scaling

    progress = nullcontext() if quiet else progress_bar(page.console_on(sys.stderr))
    with _stored(output) as path, progress as on_progress:
        findings = scaling.run(
            workloads or scaling.DEFAULT_WORKLOADS,
            backends=backends,
            modes=modes,
            workers=workers,
            grain=grain,
            budget=budget,
            precision=precision,
            seed=seed,
            output=path,
            on_progress=on_progress,
        )
    if form == "json":
        from gilbench.results import findings_to_json

        click.echo(findings_to_json(findings))
        return
    console = page.console_on(sys.stdout)
    on = page.page_on(console)
    lines = (
        terminal.answer(findings, on)
        if quiet
        else terminal.report(findings, on, stored=_quoted(path))
    )
    page.show(lines, console)


@contextmanager
def _stored(output: Path | None) -> Iterator[Path]:
    """Yield the file to store in. A run that is interrupted ends with a line that names it.

    The file that nobody named does not stay behind empty. Raises `click.Abort`.
    """
    path = _default_output() if output is None else output
    try:
        yield path
    except KeyboardInterrupt:
        said = (
            f"what was measured so far: python -m gilbench show {_quoted(path)}"
            if _holds_something(path)
            else "nothing was measured yet"
        )
        if sys.stderr.isatty():
            click.echo(err=True)  # the terminal wrote ^C on this line
        click.echo(f"gilbench: interrupted; {said}", err=True)
        raise click.Abort from None
    finally:
        if output is None and not _holds_something(path):
            path.unlink(missing_ok=True)


def _default_output() -> Path:
    from gilbench.results import default_place

    place = default_place(datetime.now().astimezone())
    if place.note is not None:
        click.echo(f"gilbench: {place.note}", err=True)
    return place.path


def _holds_something(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def _quoted(path: Path) -> str:
    """`path` as a shell takes it: cmd and PowerShell know double quotes only."""
    if os.name == "nt":
        return f'"{path}"' if " " in str(path) else str(path)
    return shlex.quote(str(path))
