"""Workers of one way let loose on the lanes, and what came of it."""

from __future__ import annotations

import queue
from contextlib import ExitStack
from typing import TYPE_CHECKING

from gilbench._native import gate
from gilbench.trials.races.forms import MESSAGE
from gilbench.trials.races.lanes import WORKERS
from gilbench.trials.races.running import PATIENCE_S, Race, count

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gilbench.trials.races.forms import Subject
    from gilbench.trials.races.lanes import Lanes
    from gilbench.trials.ways import Started

__all__ = ["conduct"]


def conduct(
    lanes: Lanes,
    forms: Sequence[str],
    subjects: Sequence[Subject],
    *,
    start: Callable[[int], Started],
    receive: Callable[[], int],
    started: Callable[[], object] = lambda: None,
) -> list[Race]:
    """Return what came of each form in its lane, raced by workers that `start` starts.

    `receive` returns an update that was sent, and raises EOFError where none can come any more, or
    queue.Empty where none came in time. `started` is called when all workers are there.
    Raises RuntimeError where one of them failed, and leaves none.
    """
    lanes.prepare()
    workers: list[Started] = []
    with ExitStack() as stack:
        stack.callback(_clear_away, lanes, workers)
        while len(workers) < WORKERS:
            workers.append(start(len(workers)))
        started()
        sent = {}
        missed: Exception | None = None
        try:
            for place, form in enumerate(forms):
                if form == MESSAGE:
                    sent[place] = count(lambda: _receive(receive, workers))
        except (EOFError, queue.Empty) as error:
            # Somebody failed, and tells why when it has ended.
            lanes.abort()
            missed = error
        ended = [worker.join(2 * PATIENCE_S) for worker in workers]
        problems = [worker.problem for worker in workers if worker.problem]
        if not all(ended):
            problems.append("a worker did not end")
        if missed is not None:
            problems.append("the last updates did not arrive")
        if problems:
            raise RuntimeError(problems[0]) from missed
    races = []
    for place, (lane, form, subject) in enumerate(zip(lanes, forms, subjects, strict=True)):
        kept, ended_ns = sent.get(place) or (subject.kept(), lane.ended_ns)
        elapsed_ns = ended_ns - gate.opened_ns(lane.gate)
        races.append(Race(form=form, made=lane.made, kept=kept, elapsed_ns=elapsed_ns))
    return races


def _clear_away(lanes: Lanes, workers: Sequence[Started]) -> None:
    """Have workers that were left end: threads use the lanes until then, and cannot be killed."""
    lanes.abort()
    for worker in workers:
        worker.join(PATIENCE_S)
        worker.end()


def _receive(receive: Callable[[], int], workers: Sequence[Started]) -> int:
    """Wait for as long as somebody is there who might send something."""
    while True:
        try:
            return receive()
        except queue.Empty:
            if all(worker.join(0) for worker in workers):
                raise
