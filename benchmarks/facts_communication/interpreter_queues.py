"""Two queues between this interpreter and another one."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict
from importlib import import_module
from typing import TYPE_CHECKING, Any

from bare import Bare, data
from order import LAP

from gilbench.trials.tried import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from order import Order

# What `far_side.work` does, as a subinterpreter runs it.
SOURCE = """
import sys
sys.path[:] = {path!r}
import os
from itertools import repeat
from struct import unpack
from concurrent.interpreters import Queue
processor = {processor!r}
if processor is not None:
    os.sched_setaffinity(0, {{processor}})
def polled(queue):
    empty, take, give_way = queue.empty, queue.get_nowait, os.sched_yield
    def get():
        while empty():
            give_way()
        return take()
    return get
def work(receive, send):
    while True:
        answers, times = unpack({lap!r}, os.read({control}, {bytes}))
        if not times:
            return
        os.write({control}, b"!")
        if answers:
            for _ in repeat(None, times):
                send(receive())
        else:
            for _ in repeat(None, times):
                payload = receive()
            del payload
        os.write({control}, b"!")
there = Queue({there})
work({receive}, Queue({back}).put)
"""


def interpreter_queues(*, polled: bool) -> Callable[[int], AbstractContextManager[Bare]]:
    """Return what opens such a channel. Polled: it is asked again and again, without a sleep."""

    @contextmanager
    def two(size: int) -> Iterator[Bare]:
        if sys.version_info < (3, 14):
            raise UnavailableError("the bare loop is written for Python 3.14")
        interpreters = import_module("concurrent.interpreters")
        there, back = interpreters.create_queue(), interpreters.create_queue()

        def poller(queue: Any) -> Callable[[], Any]:
            empty, take, give_way = queue.empty, queue.get_nowait, os.sched_yield

            def get() -> Any:
                while empty():
                    give_way()
                return take()

            return get

        def start(order: Order) -> Callable[[], object]:
            interpreter = interpreters.create()
            source = SOURCE.format(
                path=sys.path,
                there=there.id,
                back=back.id,
                receive="polled(there)" if polled else "there.get",
                lap=LAP.format,
                bytes=LAP.size,
                **asdict(order),
            )
            worker = threading.Thread(target=interpreter.exec, args=(source,))
            worker.start()

            def join() -> None:
                worker.join()
                interpreter.close()

            return join

        yield Bare(
            payload=data(size),
            send=there.put,
            receive=poller(back) if polled else back.get,
            start=start,
        )

    return two
