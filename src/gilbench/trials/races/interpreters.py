"""Races of subinterpreters, which share nothing, for memory that each of them maps or is handed."""

from __future__ import annotations

import sys
import tempfile
from contextlib import ExitStack, closing
from importlib import import_module
from mmap import mmap
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gilbench.comparison import Way
from gilbench.trials import ways
from gilbench.trials.blocks import needing_shared_memory
from gilbench.trials.races.conducting import conduct
from gilbench.trials.races.forms import MESSAGE, OF_MEMORY, subject
from gilbench.trials.races.lanes import WORKERS, Lanes, size
from gilbench.trials.races.running import SECONDS_TO_RECEIVE, Entry
from gilbench.trials.tried import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gilbench.trials.races.running import Race
    from gilbench.trials.ways import Started

__all__ = ["lacking", "race"]

_WORK: Final = "gilbench.trials.races.interpreter:work"
_QUEUES_SINCE: Final = (3, 14)


def lacking() -> Mapping[str, str]:
    """Return the forms that this Python does not have, with the reason."""
    lacks = {}
    if sys.version_info < _QUEUES_SINCE:
        lacks["view"] = "handing over a memoryview needs Python 3.14 or later"
        lacks[MESSAGE] = "queues between interpreters need Python 3.14 or later"
    if sys.platform == "win32":
        lacks["lock"] = "a semaphore has no name here by which another interpreter could open it"
    else:
        try:
            _named_lock()
        except UnavailableError as error:
            lacks["lock"] = str(error)
    return lacks


def race(forms: Sequence[str], span_ns: int) -> list[Race]:
    """Return what came of each form. Raises RuntimeError where a worker failed."""
    queues = _queues()
    with ExitStack() as stack:
        path = Path(stack.enter_context(tempfile.TemporaryDirectory()), "lanes")
        path.write_bytes(bytes(size(len(forms))))
        with path.open("r+b") as file:
            memory = stack.enter_context(closing(mmap(file.fileno(), 0)))
        lanes = stack.enter_context(Lanes(memory, len(forms)))
        subjects = []
        for form, lane in zip(forms, lanes, strict=True):
            view = memoryview(bytearray(8)).cast("q")
            subjects.append(subject(OF_MEMORY[form], cell=lane.cell, place=lane.place, view=view))
            stack.callback(subjects[-1].forget)
            for queue in queues[1:]:
                queue.put(view)
        lock = _named_lock() if "lock" in forms else None
        semaphore = None if lock is None else _semaphore(lock)

        def start(worker: int) -> Started:
            entry = Entry(worker=worker, forms=tuple(forms), span_ns=span_ns, apart=True)
            # The one for updates, and that with the worker's views.
            ids = (queues[0].id, queues[1 + worker].id) if queues else ()
            return ways.start(Way.INTERPRETER, _WORK, (entry, str(path), semaphore, ids))

        return conduct(
            lanes,
            forms,
            subjects,
            start=start,
            receive=lambda: int(queues[0].get(timeout=SECONDS_TO_RECEIVE)),
        )


def _named_lock() -> Any:
    """Return a lock of `spawn`, whose semaphore keeps the name by which others open it.

    Raises UnavailableError.
    """
    with needing_shared_memory():
        return get_context("spawn").Lock()


def _semaphore(lock: Any) -> tuple[int, int, int, str]:
    """Return what a pickle of the lock holds, without the handle that is of use here only."""
    inner = lock._semlock  # noqa: SLF001 - see above
    return 0, inner.kind, inner.maxvalue, inner.name


def _queues() -> list[Any]:
    """Return the queue for updates and one for each worker's views; none where there are none."""
    if sys.version_info < _QUEUES_SINCE:
        return []
    module: Any = import_module("concurrent.interpreters")
    return [module.create_queue() for _ in range(1 + WORKERS)]
