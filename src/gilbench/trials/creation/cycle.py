"""From nothing to nothing: a worker is started that has nothing to do, and joined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench._native.clock import now_ns
from gilbench.backends.backend import WorkerFailedError
from gilbench.trials import ways
from gilbench.trials.tried import Tried

if TYPE_CHECKING:
    from gilbench.comparison import Way

__all__ = ["LEAST", "MOST", "NOTHING", "cycle"]

NOTHING: Final = "os:getpid"
"""What a worker does that has nothing to do. It is the standard library's, so that no worker has to
import more than its way of starting does.
"""

LEAST: Final = 3
"""How often something is timed, however long it takes."""

MOST: Final = 300
"""More would only make the message longer."""


def cycle(way: Way, span_ns: int) -> Tried:
    """Return how long each start and each join took, one after the other, for about `span_ns`.

    `first_ns` is the very first of both in this process: it loads what the way needs, and starts
    the server that a `forkserver` has.
    """
    start = ways.starter(way, NOTHING, bare=True)
    began = now_ns()
    start().join()
    first_ns = now_ns() - began
    starts: list[float] = []
    joins: list[float] = []
    ends = now_ns() + span_ns
    while len(starts) < MOST:
        began = now_ns()
        worker = start()
        started = now_ns()
        worker.wait()
        joined = now_ns()
        worker.join()
        if worker.problem is not None:
            raise WorkerFailedError(worker.problem)
        del worker  # Or the next one's start would take it away, on time.
        starts.append(started - began)
        joins.append(joined - started)
        if joined > ends and len(starts) >= LEAST:
            break
    return Tried(
        figures={"first_ns": (first_ns,), "start_ns": tuple(starts), "join_ns": tuple(joins)}
    )
