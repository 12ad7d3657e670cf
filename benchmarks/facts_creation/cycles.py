"""The start and the join of a worker with nothing to do."""

from __future__ import annotations

import os
import time
from threading import Thread
from typing import TYPE_CHECKING

from span import SPAN_NS, until_over
from subinterpreter import make_subinterpreter

from gilbench.comparison import Way
from gilbench.trials.creation.cycle import cycle
from gilbench.trials.ways import context

if TYPE_CHECKING:
    from collections.abc import Callable

    Deed = Callable[[], object]


def tried(way: Way) -> dict[str, list[float]]:
    """Return the nanoseconds that a trial measures, by figure."""
    figures = cycle(way, SPAN_NS).figures
    return with_sums([*figures["start_ns"]], [*figures["join_ns"]])


def bare(way: Way) -> dict[str, list[float]]:
    """Return the same of a bare loop, after one that does not count."""
    starts: list[float] = []
    joins: list[float] = []
    begin = beginner(way)

    def step() -> None:
        began = time.perf_counter_ns()
        join, clear_away = begin()
        started = time.perf_counter_ns()
        join()
        joined = time.perf_counter_ns()
        clear_away()
        starts.append(started - began)
        joins.append(joined - started)

    step()
    del starts[:], joins[:]
    until_over(step)
    return with_sums(starts, joins)


def with_sums(starts: list[float], joins: list[float]) -> dict[str, list[float]]:
    """Return both by figure, and what each worker took in all."""
    both = [start + join for start, join in zip(starts, joins, strict=True)]
    return {"start": starts, "join": joins, "start and join": both}


def beginner(way: Way) -> Callable[[], tuple[Deed, Deed]]:
    """Return what starts a worker with nothing to do, and returns how to join and clear it away."""

    def thread() -> tuple[Deed, Deed]:
        worker = Thread(target=os.getpid)
        worker.start()
        return worker.join, lambda: None

    def interpreter() -> tuple[Deed, Deed]:
        execute, close = make_subinterpreter()
        worker = Thread(target=execute, args=("import os\nos.getpid()",))
        worker.start()

        def join() -> None:
            worker.join()
            close()

        return join, lambda: None

    if way is Way.THREAD:
        return thread
    if way is Way.INTERPRETER:
        return interpreter
    start_method = context(way)

    def process() -> tuple[Deed, Deed]:
        worker = start_method.Process(target=os.getpid)
        worker.start()
        return worker.join, worker.close

    return process
