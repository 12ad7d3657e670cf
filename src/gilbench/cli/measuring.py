"""While a command measures: the file that it stores in, and the progress that it shows."""

from __future__ import annotations

import sys
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

from gilbench.cli.storing import stored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gilbench.model import Progress

__all__ = ["measuring"]


@contextmanager
def measuring(
    output: Path | None, *, quiet: bool
) -> Iterator[tuple[Path, Callable[[Progress], None] | None]]:
    """Yield the file to store in, as `stored` does, and what to report the progress to.

    The latter is null when `quiet`, and where standard error is no terminal.
    """
    from gilbench.report.page import console_on
    from gilbench.report.progress import progress_bar

    progress = nullcontext() if quiet else progress_bar(console_on(sys.stderr))
    with stored(output) as path, progress as on_progress:
        yield path, on_progress
