"""Sockets of the system: raw bytes, of a size that both ends know."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from gilbench.trials.communication.channel import Far, Near, near
from gilbench.trials.communication.pattern import pattern
from gilbench.trials.communication.serving import SERVE_CHANNEL
from gilbench.trials.ways import context

if TYPE_CHECKING:
    from collections.abc import Callable

    from gilbench.comparison import Way

__all__ = ["open_socketpair", "open_tcp"]


class _Sockets:
    """Two sockets that are connected."""

    def __init__(self, ours: socket.socket, theirs: socket.socket) -> None:
        self._ours, self._theirs = ours, theirs

    def payload(self, size: int, /) -> bytes:
        return pattern(size)

    def near(self, size: int, /) -> Near:
        ours = self._ours
        return near(ours.sendall, _receiver(ours, size), lambda: ours.shutdown(socket.SHUT_RDWR))

    def far(self, size: int, /) -> Far:
        theirs = self._theirs
        return Far(
            receive=_receiver(theirs, size),
            send=theirs.sendall,
            end=lambda: theirs.shutdown(socket.SHUT_RDWR),
        )

    def peer(self, control: socket.socket, /) -> tuple[str, tuple[object, ...]]:
        return SERVE_CHANNEL, (self, control)

    def settle(self) -> None:
        self._theirs.close()

    def close(self) -> None:
        self._ours.close()
        self._theirs.close()


def open_socketpair(way: Way, _largest: int, /) -> _Sockets:
    """Return a channel of `socket.socketpair()`. Raises UnavailableError."""
    context(way)
    return _Sockets(*socket.socketpair())


def open_tcp(way: Way, _largest: int, /) -> _Sockets:
    """Return a channel of a TCP connection on loopback, with TCP_NODELAY. Raises UnavailableError.

    Nobody listens on its port any more.
    """
    context(way)
    with socket.create_server(("127.0.0.1", 0)) as server:
        ours = socket.create_connection(server.getsockname())
        try:
            theirs, _ = server.accept()
        except BaseException:
            ours.close()
            raise
    for end in (ours, theirs):
        # Else a small message waits for the confirmation of the one before (Nagle).
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return _Sockets(ours, theirs)


def _receiver(end: socket.socket, size: int) -> Callable[[], bytearray | None]:
    recv_into = end.recv_into

    def receive() -> bytearray | None:
        payload = bytearray(size)
        got = recv_into(payload)
        if got < size:
            with memoryview(payload) as place:
                while got < size:
                    more = recv_into(place[got:])
                    if not more:
                        return None
                    got += more
        return payload

    return receive
