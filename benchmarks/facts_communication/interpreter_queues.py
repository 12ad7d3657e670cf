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

from gilbench.trials.tried import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from order import Order

# `laps.work`, as a subinterpreter runs it.
SOURCE = """
import sys
sys.path[:] = {path!r}
import os
from concurrent.interpreters import Queue
from laps import work
from order import Order
def polled(queue):
    empty, take, give_way = queue.empty, queue.get_nowait, os.sched_yield
    def get():
        while empty():
            give_way()
        return take()
    return get
there = Queue({there})
work({receive}, Queue({back}).put, Order(control={control}, processor={processor!r}))
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
                **asdict(order),
            )
            worker = threading.Thread(target=interpreter.exec, args=(source,))
            worker.start()

            def join() -> None:
                worker.join()
                interpreter.close()

            return join

        yield Bare(
            make=lambda: data(size),
            send=there.put,
            receive=poller(back) if polled else back.get,
            start=start,
        )

    return two
