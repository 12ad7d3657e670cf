"""From nothing to a result: a worker is started, imports what its task needs, and does it."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gilbench._native.clock import now_ns
from gilbench.backends.backend import WorkerFailedError
from gilbench.comparison import Way
from gilbench.trials import ways
from gilbench.trials.creation.cycle import LEAST, MOST
from gilbench.trials.tried import Tried, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["task"]

_RESULT: Final = b"!"
# Whatever fails, a result comes: who waits for it must not wait for ever. The worker tells later.
# Of an import that fails, the first cause is what is to be known.
_SOURCE: Final = """
try:
    import {modules}
except ImportError as error:
    while isinstance(error.__cause__, ImportError):
        error = error.__cause__
    raise error
finally:
    {tell}
"""


@dataclass(frozen=True, kw_only=True)
class _Telling:
    """How a worker's result comes here: the function that tells it, and what awaits it.

    `source` is the same as text, with the `names` in it.
    """

    function: str
    arguments: tuple[object, ...]
    source: str
    names: dict[str, object]
    receive: Callable[[], object]


def task(way: Way, modules: Sequence[str], span_ns: int) -> Tried:
    """Return how long each worker took from its start to its result's arrival here.

    One worker after the other, for about `span_ns`; `first_ns` is the first of all in this process.
    The result is a byte through a pipe. A thread imports what no thread before it has, a fork what
    this process has not.
    """
    with _telling(way) as telling:
        if modules:
            source = _SOURCE.format(modules=", ".join(modules), tell=telling.source)
            start = ways.starter(way, "builtins:exec", (source, telling.names))
        else:
            start = ways.starter(way, telling.function, telling.arguments, bare=True)
        times: list[float] = []
        ends = now_ns() + span_ns
        while len(times) <= MOST:
            began = now_ns()
            worker = start()
            telling.receive()
            told = now_ns()
            worker.join()
            if worker.problem is not None:
                if way is Way.INTERPRETER and modules:
                    raise UnavailableError(worker.problem)
                raise WorkerFailedError(worker.problem)
            del worker  # Or the next one's start would take it away, on time.
            times.append(told - began)
            if told > ends and len(times) > LEAST:
                break
    return Tried(figures={"first_ns": (times[0],), "task_ns": tuple(times[1:])})


@contextmanager
def _telling(way: Way) -> Iterator[_Telling]:
    if way in {Way.FORKSERVER, Way.SPAWN}:
        receiving, sending = ways.context(way).Pipe(duplex=False)
        with receiving, sending:
            yield _Telling(
                function="multiprocessing.connection:_ConnectionBase.send_bytes",
                arguments=(sending, _RESULT),
                source=f"connection.send_bytes({_RESULT!r})",
                names={"connection": sending},
                receive=receiving.recv_bytes,
            )
        return
    reading, writing = os.pipe()
    try:
        yield _Telling(
            function="os:write",
            arguments=(writing, _RESULT),
            source=f"__import__('os').write({writing}, {_RESULT!r})",
            names={},
            receive=lambda: os.read(reading, len(_RESULT)),
        )
    finally:
        os.close(reading)
        os.close(writing)
