"""Channels between subinterpreters.

The documented `Queue.get` waits by looking every 10 ms. A second channel looks all the time, which
shows what the queue itself takes; it is all that there is before Python 3.14.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gilbench.trials.communication.channel import Near, near
from gilbench.trials.communication.interpreter_peer import SERVE_QUEUES, getter
from gilbench.trials.communication.interpreter_queues import HAS_DOCUMENTED_QUEUES, make_queue
from gilbench.trials.communication.pattern import pattern
from gilbench.trials.tried import UnavailableError
from gilbench.trials.ways import why_unavailable

if TYPE_CHECKING:
    import socket

    from gilbench.comparison import Way

__all__ = ["open_interpreter_queue", "open_polled_queue"]


class _InterpreterQueues:
    """A queue there, and a queue back, which the other interpreter finds by their numbers."""

    def __init__(self, *, polls: bool) -> None:
        self._polls = polls
        self._there, self._back = make_queue(), make_queue()

    def payload(self, size: int, /) -> bytes:
        return pattern(size)

    def near(self, _size: int, /) -> Near:
        put = self._there.put
        return near(put, getter(self._back, self._polls), lambda: put(None))

    def peer(self, control: socket.socket, /) -> tuple[str, tuple[object, ...]]:
        numbers = self._there.id, self._back.id
        return SERVE_QUEUES, (self._polls, *numbers, control.detach())

    def settle(self) -> None:
        pass

    def close(self) -> None:
        self._there.close()
        self._back.close()


def open_interpreter_queue(way: Way, _largest: int, /) -> _InterpreterQueues:
    """Return a channel of two documented queues. Raises UnavailableError."""
    _require(way)
    if not HAS_DOCUMENTED_QUEUES:
        raise UnavailableError("queues that can wait need Python 3.14 or later")
    return _InterpreterQueues(polls=False)


def open_polled_queue(way: Way, _largest: int, /) -> _InterpreterQueues:
    """Return a channel of two queues that are looked into all the time. Raises UnavailableError."""
    _require(way)
    return _InterpreterQueues(polls=True)


def _require(way: Way) -> None:
    lacks = why_unavailable(way)
    if lacks is not None:
        raise UnavailableError(lacks)
