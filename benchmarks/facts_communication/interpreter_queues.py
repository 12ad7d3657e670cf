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

# What `far_side.work` does, as a subinterpreter runs it.
SOURCE = """
import sys
sys.path[:] = {path!r}
import os
from itertools import repeat
from concurrent.interpreters import Queue
if {processor!r} is not None:
    os.sched_setaffinity(0, {{{processor!r}}})
there, back = Queue({there}), Queue({back})
def polled():
    while there.empty():
        os.sched_yield()
    return there.get_nowait()
receive = {receive}
for _ in repeat(None, {trips}):
    back.put(receive())
os.write({done}, b"!")
for _ in repeat(None, {pushes}):
    receive()
os.write({done}, b"!")
"""


def interpreter_queues(*, polled: bool) -> Callable[[int], AbstractContextManager[Bare]]:
    """Return what opens such a channel. Polled: it is asked again and again, without a sleep."""

    @contextmanager
    def two(size: int) -> Iterator[Bare]:
        if sys.version_info < (3, 14):
            raise UnavailableError("the bare loop is written for Python 3.14")
        interpreters = import_module("concurrent.interpreters")
        there, back = interpreters.create_queue(), interpreters.create_queue()

        def poll() -> Any:
            while back.empty():
                os.sched_yield()
            return back.get_nowait()

        def start(order: Order) -> Callable[[], object]:
            interpreter = interpreters.create()
            source = SOURCE.format(
                path=sys.path,
                there=there.id,
                back=back.id,
                receive="polled" if polled else "there.get",
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
            receive=poll if polled else back.get,
            start=start,
        )

    return two
