"""What multiprocessing keeps and leaves for processes that do not fork from this one."""

from __future__ import annotations

import multiprocessing
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from gilbench.comparison import Way
from gilbench.trials.crash import semaphores

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ask_helpers", "named_semaphores"]


def ask_helpers(way: Way) -> None:
    """Have multiprocessing start what it keeps for processes of that way, where it likes.

    Else the first trial would start it, and keep it and all that comes from it on one processor.
    """
    if way is Way.FORKSERVER:
        from multiprocessing import forkserver

        forkserver.ensure_running()
    if way in {Way.FORKSERVER, Way.SPAWN} and os.name == "posix":
        from multiprocessing import resource_tracker

        resource_tracker.ensure_running()


@contextmanager
def named_semaphores(way: Way) -> Iterator[None]:
    """Let semaphores that processes of that way find by their names be named after this process.

    They go as the trial ends. But of a host that is killed with all that it started they stay, and
    who asked it must know them. Those that are forked need no names.
    """
    if way not in {Way.FORKSERVER, Way.SPAWN}:
        yield
        return
    process: Any = multiprocessing.current_process()
    usual = process._config["semprefix"]  # noqa: SLF001 - there is no other way
    semaphores.name_after(semaphores.owner())
    try:
        yield
    finally:
        process._config["semprefix"] = usual  # noqa: SLF001
