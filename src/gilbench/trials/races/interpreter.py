"""What one of the subinterpreters of a race does: it gets plain data only, and opens the rest."""

from __future__ import annotations

from contextlib import ExitStack, closing
from importlib import import_module
from mmap import mmap
from pathlib import Path
from typing import Any

from gilbench.trials.races.forms import OF_MEMORY, subject
from gilbench.trials.races.lanes import Lanes
from gilbench.trials.races.running import Entry, run

__all__ = ["work"]


def work(
    entry: Entry, path: str, semaphore: tuple[int, int, int, str] | None, queues: tuple[int, ...]
) -> None:
    """Race in the lanes of the file at `path`.

    `semaphore` is what stands in the pickle of a lock of multiprocessing, null where none is taken.
    `queues` are the numbers of the one that updates are sent to and of one with a view for each
    lane, where there are queues.
    """
    lock = None if semaphore is None else _lock(semaphore)
    found = [_queue(number) for number in queues]
    send = found[0].put if found else _no_queue
    with ExitStack() as stack:
        with Path(path).open("r+b") as file:
            memory = stack.enter_context(closing(mmap(file.fileno(), 0)))
        lanes = stack.enter_context(Lanes(memory, len(entry.forms)))
        ready = []
        for form, lane in zip(entry.forms, lanes, strict=True):
            given = {"cell": lane.cell, "place": lane.place, "lock": lock, "send": send}
            if found:
                given["view"] = found[1].get().cast("B").cast("q")
            ready.append(subject(OF_MEMORY[form], **given))
            stack.callback(ready[-1].forget)
        run(lanes, entry, [each.update for each in ready], send)


def _lock(semaphore: tuple[int, int, int, str]) -> Any:
    native: Any = import_module("_multiprocessing")
    return native.SemLock._rebuild(*semaphore)  # noqa: SLF001 - as unpickling it does


def _queue(number: int) -> Any:
    module: Any = import_module("concurrent.interpreters")
    return module.Queue(number)


def _no_queue(_: int) -> None:
    raise RuntimeError("there is no queue between interpreters")
