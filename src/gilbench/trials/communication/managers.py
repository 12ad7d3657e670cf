"""A manager's proxy: each call of it goes to the manager's process, and its result comes back."""

from __future__ import annotations

from multiprocessing.managers import BaseManager
from typing import TYPE_CHECKING, Any

from gilbench.trials.communication.channel import Near
from gilbench.trials.communication.pattern import pattern
from gilbench.trials.ways import context

if TYPE_CHECKING:
    import socket

    from gilbench.comparison import Way

__all__ = ["open_manager"]


class _Echo:
    """The object that lives with the manager."""

    def answer(self, payload: bytes) -> bytes:
        return payload

    def take(self, payload: bytes) -> None:
        pass


class _Manager(BaseManager):
    """A manager of such objects."""


_Manager.register("echo", _Echo)


class _Proxy:
    """The proxy of an object with a manager: the manager itself is the peer."""

    def __init__(self, way: Way) -> None:
        self._manager = _Manager(ctx=context(way))
        self._manager.start()
        try:
            self._echo: Any = self._manager.echo()  # type: ignore[attr-defined] # by its name
        except BaseException:
            self._manager.shutdown()
            raise

    def payload(self, size: int, /) -> bytes:
        return pattern(size)

    def near(self, _size: int, /) -> Near:
        return Near(send=self._echo.answer, receive=None, push=self._echo.take, end=lambda: None)

    def peer(self, _control: socket.socket, /) -> None:
        return None

    def settle(self) -> None:
        pass

    def close(self) -> None:
        # The last reference: until then the proxy keeps its connection.
        self._echo = None
        self._manager.shutdown()


def open_manager(way: Way, _largest: int, /) -> _Proxy:
    """Return a channel of a manager's proxy. Raises UnavailableError."""
    return _Proxy(way)
