"""Channels between threads of one interpreter: a reference is handed over, and nothing copied."""

from __future__ import annotations

import queue
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING, Any

from gilbench.trials.communication.channel import Far, Near, near
from gilbench.trials.communication.queues import TwoQueues

if TYPE_CHECKING:
    from gilbench.comparison import Way

__all__ = ["open_queue", "open_reference", "open_simple_queue"]


class _Slot:
    """A place for one reference, between two locks: the least that two threads can do with."""

    __slots__ = ("_free", "_full", "_item")

    def __init__(self) -> None:
        self._free, self._full = Lock(), Lock()
        self._full.acquire()
        self._item: Any = None

    def put(self, item: Any, /) -> None:
        self._free.acquire()
        self._item = item
        self._full.release()

    def get(self) -> Any:
        self._full.acquire()
        item = self._item
        self._free.release()
        return item

    def end(self) -> None:
        """Let go who waits for something, without waiting for a free place."""
        self._item = None
        with suppress(RuntimeError):  # what stood there was not taken yet
            self._full.release()


class _TwoSlots(TwoQueues):
    def __init__(self, there: _Slot, back: _Slot) -> None:
        super().__init__(there, back)
        self._slots = there, back

    def near(self, _size: int, /) -> Near:
        there, back = self._slots
        return near(there.put, back.get, there.end)

    def far(self, _size: int, /) -> Far:
        there, back = self._slots
        return Far(receive=there.get, send=back.put, end=back.end)


def open_reference(_way: Way, _largest: int, /) -> TwoQueues:
    """Return a channel of a place for one reference in each direction."""
    return _TwoSlots(_Slot(), _Slot())


def open_queue(_way: Way, _largest: int, /) -> TwoQueues:
    """Return a channel of two `queue.Queue`."""
    return TwoQueues(queue.Queue(), queue.Queue())


def open_simple_queue(_way: Way, _largest: int, /) -> TwoQueues:
    """Return a channel of two `queue.SimpleQueue`."""
    return TwoQueues(queue.SimpleQueue(), queue.SimpleQueue())
