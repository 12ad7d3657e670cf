"""From nothing to a result: a worker is started, and tells it through a pipe."""

from __future__ import annotations

import os
import time
from threading import Thread
from typing import TYPE_CHECKING, Any

from span import SPAN_NS, until_over
from subinterpreter import make_subinterpreter

from gilbench.comparison import Way
from gilbench.trials.creation.task import task
from gilbench.trials.ways import context

if TYPE_CHECKING:
    from collections.abc import Callable

FIGURE = "first task"


def tried(way: Way) -> dict[str, list[float]]:
    """Return the nanoseconds that a trial measures, by figure."""
    return {FIGURE: [*task(way, (), SPAN_NS).figures["task_ns"]]}


def bare(way: Way) -> dict[str, list[float]]:
    """Return the same of a bare loop, after one that does not count."""
    times = by_connection(way) if way in {Way.FORKSERVER, Way.SPAWN} else by_descriptor(way)
    return {FIGURE: times[1:]}


def by_connection(way: Way) -> list[float]:
    """Return the times of workers that inherit nothing, and so are sent a connection."""
    times: list[float] = []
    start_method = context(way)
    receiving, sending = start_method.Pipe(duplex=False)
    with receiving, sending:

        def step() -> None:
            began = time.perf_counter_ns()
            worker = start_method.Process(target=sending.send_bytes, args=(b"!",))
            worker.start()
            receiving.recv_bytes()
            times.append(time.perf_counter_ns() - began)
            worker.join()

        step()
        until_over(step)
    return times


def by_descriptor(way: Way) -> list[float]:
    """Return the times of workers that have the descriptors of this process."""
    times: list[float] = []
    reading, writing = os.pipe()

    def start() -> Callable[[], object]:
        if way is Way.INTERPRETER:
            execute, close = make_subinterpreter()
            text = f"import os\nos.write({writing}, b'!')"
            thread = Thread(target=execute, args=(text,))
            thread.start()

            def join() -> None:
                thread.join()
                close()

            return join
        make: Any = Thread if way is Way.THREAD else context(way).Process
        worker = make(target=os.write, args=(writing, b"!"))
        worker.start()
        await_end: Callable[[], object] = worker.join
        return await_end

    def step() -> None:
        began = time.perf_counter_ns()
        join = start()
        os.read(reading, 1)
        times.append(time.perf_counter_ns() - began)
        join()

    step()
    until_over(step)
    os.close(reading)
    os.close(writing)
    return times
