"""Who stands at the other end of a channel: a worker that is told what to do with what comes."""

from __future__ import annotations

import socket
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final, Protocol

from gilbench.trials.communication.serving import ANYWHERE, DONE, NO_MEMORY, ORDER, SEAT
from gilbench.trials.ways import PROCESS_WAYS, start

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gilbench.comparison import Way
    from gilbench.trials.communication.channel import Channel
    from gilbench.trials.ways import Started

__all__ = ["Peer", "PeerFailedError", "peer_of"]

_SECONDS_TO_ANSWER: Final = 30.0
_SECONDS_TO_END: Final = 2.0


class PeerFailedError(Exception):
    """The peer raised or was lost; the text says how."""


class Peer(Protocol):
    """What who measures asks of a peer."""

    def order(self, *, answers: bool, times: int, size: int) -> None:
        """Have it receive so many payloads, and answer each or none. It is ready on return.

        Raises MemoryError where it lacks memory, and PeerFailedError.
        """

    def finished(self) -> None:
        """Wait until it has received all. Raises what `order` raises."""


@contextmanager
def peer_of(channel: Channel, way: Way, processor: int | None = None) -> Iterator[Peer]:
    """Give a channel's peer, a worker of that way, until the end of the block.

    It is kept on a processor, or on any where that is null. Where the block fails, a process is
    killed, and the others are let go. Raises UnavailableError.
    """
    ours, theirs = socket.socketpair()
    with ours:
        ours.settimeout(_SECONDS_TO_ANSWER)
        try:
            task = channel.peer(theirs)
            worker = None if task is None else start(way, *task)
        except BaseException:
            theirs.close()
            raise
        if worker is None:
            theirs.close()
            yield _Itself()
            return
        apart = way in PROCESS_WAYS
        peer = _Worker(worker, ours)
        try:
            if apart:
                theirs.close()
            peer.seat(processor)
            if apart:
                channel.settle()
            yield peer
            peer.dismiss()
            worker.join(_SECONDS_TO_END)
        except BaseException:
            if not apart:
                with suppress(Exception):
                    channel.near(1).end()
            raise
        finally:
            # Ends it where it waits for an order, or kills it if it is a process.
            ours.close()
            worker.end()
            worker.join(_SECONDS_TO_END)


class _Worker:
    """A peer that is a worker of ours."""

    def __init__(self, worker: Started, control: socket.socket) -> None:
        self._worker = worker
        self._control = control

    def seat(self, processor: int | None) -> None:
        """Tell it where to sit, and wait until it is there. Raises what `order` raises."""
        self._control.sendall(SEAT.pack(ANYWHERE if processor is None else processor))
        self.finished()

    def order(self, *, answers: bool, times: int, size: int) -> None:
        self._control.sendall(ORDER.pack(answers, times, size))
        self.finished()

    def finished(self) -> None:
        told = self._control.recv(1)
        if told == DONE:
            return
        how = b"".join(iter(lambda: self._control.recv(4096), b""))
        if how == NO_MEMORY:
            raise MemoryError("the peer had too little memory")
        self._worker.join(_SECONDS_TO_END)
        lost = self._worker.problem or "it is lost"
        raise PeerFailedError(f"the peer: {how.decode(errors='replace') or lost}")

    def dismiss(self) -> None:
        """Tell it that nothing more will come."""
        self._control.sendall(ORDER.pack(False, 0, 0))


class _Itself:
    """No peer of ours: what answers needs no orders."""

    def order(self, *, answers: bool, times: int, size: int) -> None:
        pass

    def finished(self) -> None:
        pass
