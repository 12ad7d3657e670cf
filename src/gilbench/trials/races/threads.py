"""Races of threads for the objects of their interpreter."""

from __future__ import annotations

import sys
from contextlib import ExitStack, contextmanager
from mmap import mmap
from queue import SimpleQueue
from typing import TYPE_CHECKING, Final

from gilbench.comparison import Way
from gilbench.machine.interpreter import gil_enabled
from gilbench.trials import ways
from gilbench.trials.races.conducting import conduct
from gilbench.trials.races.forms import OF_THREADS, subject
from gilbench.trials.races.lanes import Lanes, size
from gilbench.trials.races.running import SECONDS_TO_RECEIVE, Entry

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gilbench.trials.races.running import Race
    from gilbench.trials.ways import Started

__all__ = ["race"]

_RUN: Final = "gilbench.trials.races.running:run"


def race(forms: Sequence[str], span_ns: int, switch_ns: int | None) -> list[Race]:
    """Return what came of each form, where threads are switched after so long (null: as they are).

    Raises RuntimeError where a worker failed.
    """
    messages: SimpleQueue[int] = SimpleQueue()
    # Who shares a GIL needs no processor of its own.
    apart = not gil_enabled()
    with ExitStack() as stack:
        stack.enter_context(_switching(switch_ns))
        lanes = stack.enter_context(Lanes(mmap(-1, size(len(forms))), len(forms)))
        subjects = [subject(OF_THREADS[form], send=messages.put) for form in forms]
        for each in subjects:
            stack.callback(each.forget)
        updates = [each.update for each in subjects]

        def start(worker: int) -> Started:
            entry = Entry(worker=worker, forms=tuple(forms), span_ns=span_ns, apart=apart)
            return ways.start(Way.THREAD, _RUN, (lanes, entry, updates, messages.put))

        return conduct(
            lanes,
            forms,
            subjects,
            start=start,
            receive=lambda: messages.get(timeout=SECONDS_TO_RECEIVE),
        )


@contextmanager
def _switching(after_ns: int | None) -> Iterator[None]:
    """Have the interpreter ask a thread for the GIL after so long, until the end of the block."""
    before_s = sys.getswitchinterval()
    if after_ns is not None:
        sys.setswitchinterval(after_ns / 1e9)
    try:
        yield
    finally:
        sys.setswitchinterval(before_s)
