"""A channel of two queues, one in each direction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from gilbench.trials.communication.channel import Far, Near, near
from gilbench.trials.communication.pattern import pattern
from gilbench.trials.communication.serving import SERVE_CHANNEL

if TYPE_CHECKING:
    import socket

__all__ = ["Queue", "TwoQueues"]


class Queue(Protocol):
    """What all queues have."""

    def put(self, item: Any, /) -> object:
        """Put an object in."""

    def get(self) -> Any:
        """Return the next object, once there is one."""


class TwoQueues:
    """A queue there, and a queue back."""

    def __init__(self, there: Queue, back: Queue) -> None:
        self._there, self._back = there, back

    def payload(self, size: int, /) -> bytes:
        """Return what is handed over: bytes."""
        return pattern(size)

    def near(self, _size: int, /) -> Near:
        """Return the end of who asks."""
        return near(self._there.put, self._back.get, lambda: self._there.put(None))

    def far(self, _size: int, /) -> Far:
        """Return the end of the peer."""
        return Far(receive=self._there.get, send=self._back.put, end=lambda: self._back.put(None))

    def peer(self, control: socket.socket, /) -> tuple[str, tuple[object, ...]]:
        """Return what the peer's worker runs."""
        return SERVE_CHANNEL, (self, control)

    def settle(self) -> None:
        """Do nothing: queues belong to both."""

    def close(self) -> None:
        """Do nothing: the queues end with their last reference."""
