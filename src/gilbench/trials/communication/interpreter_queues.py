"""Queues between subinterpreters, by version: their differences end in this file.

`concurrent.interpreters` is new in Python 3.14. Before it there are private modules only: the
queues of 3.13, and of 3.12 the channels that they come from, which cannot wait.
"""

from __future__ import annotations

import os
import sys
import time
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["HAS_DOCUMENTED_QUEUES", "InterpreterQueue", "find_queue", "make_queue"]

HAS_DOCUMENTED_QUEUES: Final = sys.version_info >= (3, 14)

# What stands for an item whose interpreter is gone: of no meaning here, but to be given (3.13).
_UNBOUND: Final = 3
_SHAREABLE_ONLY: Final = 0
_NOTHING: Final = object()

# There may be one processor, and then the other interpreter waits for it. On Linux a sleep of
# nothing takes 50 us.
_give_way: Final[Callable[[], object]] = getattr(os, "sched_yield", partial(time.sleep, 0))


class InterpreterQueue(Protocol):
    """A queue, as one interpreter has it."""

    id: int
    """Its number, by which another interpreter finds it."""

    def put(self, item: Any, /) -> object:
        """Put an object in."""

    def get(self) -> Any:
        """Return the next object. Waits for it, except in private ones."""

    def polled(self) -> Callable[[], Any]:
        """Return what gets the next object by looking for it all the time, and is the only one to
        get any.
        """

    def close(self) -> None:
        """Take it away, for all interpreters."""


def make_queue() -> InterpreterQueue:
    """Return a new queue. Needs Python 3.12 or later."""
    if sys.version_info >= (3, 14):
        return _Documented(import_module("concurrent.interpreters").create_queue())
    if sys.version_info >= (3, 13):
        return _Private(import_module("_interpqueues").create(0, _SHAREABLE_ONLY, _UNBOUND))
    return _PrivateChannel(import_module("_xxinterpchannels").create())


def find_queue(id: int) -> InterpreterQueue:
    """Return the queue of that number, in another interpreter than it was made in."""
    if sys.version_info >= (3, 14):
        return _Documented(import_module("concurrent.interpreters").Queue(id))
    return _Private(id) if sys.version_info >= (3, 13) else _PrivateChannel(id)


class _Documented:
    """A queue of `concurrent.interpreters`, which ends with its last reference."""

    def __init__(self, queue: Any) -> None:
        self.id: int = queue.id
        self.put, self.get = queue.put, queue.get
        self._queue = queue

    def polled(self) -> Callable[[], Any]:
        empty, take, give_way = self._queue.empty, self._queue.get_nowait, _give_way

        def get() -> Any:
            while empty():
                give_way()
            return take()

        return get

    def close(self) -> None:
        pass


class _Private:
    """A queue of `_interpqueues`."""

    def __init__(self, id: int) -> None:
        self.id = id
        self._module: Any = import_module("_interpqueues")

    def put(self, item: Any, /) -> None:
        self._module.put(self.id, item, _SHAREABLE_ONLY, _UNBOUND)

    def get(self) -> Any:
        return self._module.get(self.id)[0]

    def polled(self) -> Callable[[], Any]:
        id, count, take, give_way = self.id, self._module.get_count, self._module.get, _give_way

        def get() -> Any:
            while not count(id):
                give_way()
            return take(id)[0]

        return get

    def close(self) -> None:
        self._module.destroy(self.id)


class _PrivateChannel:
    """A channel of `_xxinterpchannels`."""

    def __init__(self, id: Any) -> None:
        self.id = int(id)
        # The channel ends with the last object that stands for its number.
        self._kept = id
        self._module: Any = import_module("_xxinterpchannels")

    def put(self, item: Any, /) -> None:
        self._module.send(self.id, item)

    def get(self) -> Any:
        return self._module.recv(self.id)

    def polled(self) -> Callable[[], Any]:
        id, take, nothing, give_way = self.id, self._module.recv, _NOTHING, _give_way

        def get() -> Any:
            while (item := take(id, nothing)) is nothing:
                give_way()
            return item

        return get

    def close(self) -> None:
        self._module.destroy(self.id)
