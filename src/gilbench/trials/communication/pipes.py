"""multiprocessing.Pipe: objects are pickled, and the pickle goes through a pipe of the system."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from gilbench.trials.communication.channel import Far, Near, near
from gilbench.trials.communication.pattern import pattern
from gilbench.trials.communication.serving import SERVE_CHANNEL
from gilbench.trials.ways import context

if TYPE_CHECKING:
    import socket
    from multiprocessing.connection import Connection

    from gilbench.comparison import Way

__all__ = ["PipeChannel", "open_pipe"]


class PipeChannel:
    """The two connections of a pipe that goes both ways."""

    def __init__(self, way: Way) -> None:
        """Make the pipe. Raises UnavailableError."""
        self._ours: Connection
        self._theirs: Connection
        self._ours, self._theirs = context(way).Pipe()

    def payload(self, size: int, /) -> object:
        """Return what is handed over: bytes."""
        return pattern(size)

    def near(self, _size: int, /) -> Near:
        """Return the end of who asks."""
        return near(self._ours.send, self._ours.recv, self._ours.close)

    def far(self, _size: int, /) -> Far:
        """Return the end of the peer."""
        theirs = self._theirs
        return Far(receive=theirs.recv, send=theirs.send, end=theirs.close)

    def peer(self, control: socket.socket, /) -> tuple[str, tuple[object, ...]]:
        """Return what the peer's worker runs."""
        return SERVE_CHANNEL, (self, control)

    def settle(self) -> None:
        """Close the peer's connection here, so that ours ends with the peer."""
        self._theirs.close()

    def close(self) -> None:
        """Close both connections."""
        for connection in (self._ours, self._theirs):
            with suppress(OSError):
                connection.close()


def open_pipe(way: Way, _largest: int, /) -> PipeChannel:
    """Return a channel of one `multiprocessing.Pipe`. Raises UnavailableError."""
    return PipeChannel(way)
