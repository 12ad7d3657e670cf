"""The progress bar with the time left, painted only when the run reports."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import BarColumn, Progress, TextColumn

from gilbench import durations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console

    from gilbench import model

__all__ = ["progress_bar"]

_SECOND_NS = 10**9


@contextmanager
def progress_bar(console: Console) -> Iterator[Callable[[model.Progress], None] | None]:
    """Yield what a run reports its progress to, or null where `console` is not a terminal.

    The bar disappears at the end. It has no refresh thread of its own: a thread that paints while
    something is measured takes a slice of a core.
    """
    if not console.file.isatty() or console.is_dumb_terminal:
        yield None
        return
    bar = Progress(
        BarColumn(),
        TextColumn("{task.fields[left]} left"),
        # Last, since its width changes.
        TextColumn("{task.description}"),
        console=console,
        auto_refresh=False,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    with bar:
        task = bar.add_task("starting", total=1.0, left="?")

        def paint(progress: model.Progress) -> None:
            bar.update(
                task,
                completed=progress.done,
                description=progress.doing,
                left=durations.format(round(progress.left_ns / _SECOND_NS) * _SECOND_NS),
                refresh=True,
            )

        yield paint
