"""A pool of one worker that is warm: what a task costs that goes there and comes back."""

from __future__ import annotations

import os
from concurrent import futures
from typing import TYPE_CHECKING, Any

from gilbench._native.clock import now_ns
from gilbench.comparison import Way
from gilbench.trials import ways
from gilbench.trials.creation.cycle import LEAST, MOST
from gilbench.trials.tried import Tried, UnavailableError

if TYPE_CHECKING:
    from concurrent.futures import Executor

__all__ = ["make_pool", "pool"]


def pool(way: Way, span_ns: int) -> Tried:
    """Return how long each task took from `submit` to its result, for about `span_ns`.

    `first_ns` is the making of the pool and its first task.
    """
    times: list[float] = []
    began = now_ns()
    with make_pool(way) as executor:
        executor.submit(os.getpid).result()
        first_ns = now_ns() - began
        ends = now_ns() + span_ns
        while len(times) < MOST:
            began = now_ns()
            executor.submit(os.getpid).result()
            ended = now_ns()
            times.append(ended - began)
            if ended > ends and len(times) >= LEAST:
                break
    return Tried(figures={"first_ns": (first_ns,), "task_ns": tuple(times)})


def make_pool(way: Way) -> Executor:
    """Return the standard library's executor of that way, for one worker.

    Raises UnavailableError.
    """
    match way:
        case Way.THREAD:
            return futures.ThreadPoolExecutor(1)
        case Way.INTERPRETER:
            offered: Any = getattr(futures, "InterpreterPoolExecutor", None)
            if offered is None:
                raise UnavailableError("InterpreterPoolExecutor needs Python 3.14 or later")
            executor: Executor = offered(1)
            return executor
        case _:
            return futures.ProcessPoolExecutor(1, mp_context=ways.context(way))
