"""Two sockets that are connected."""

from __future__ import annotations

import socket
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

from bare import Bare, data

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def sockets(
    connect: Callable[[], tuple[socket.socket, socket.socket]],
) -> Callable[[int], AbstractContextManager[Bare]]:
    """Return what opens such a channel, of the sockets that `connect` returns."""

    @contextmanager
    def two(size: int) -> Iterator[Bare]:
        ours, theirs = connect()
        with ours, theirs:
            yield Bare(
                make=lambda: data(size),
                send=ours.sendall,
                receive=receiver(ours, size),
                far=lambda: (receiver(theirs, size), theirs.sendall),
            )

    return two


def receiver(end: socket.socket, size: int) -> Callable[[], bytearray]:
    """Return what receives a payload of so many bytes, which mostly come all at once."""
    recv_into = end.recv_into

    def receive() -> bytearray:
        payload = bytearray(size)
        got = recv_into(payload)
        while got < size:
            got += recv_into(memoryview(payload)[got:])
        return payload

    return receive


def connect_tcp() -> tuple[socket.socket, socket.socket]:
    """Return two sockets that are connected on loopback, and wait for no more to send."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        ours = socket.create_connection(server.getsockname())
        theirs, _ = server.accept()
    for end in (ours, theirs):
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return ours, theirs
