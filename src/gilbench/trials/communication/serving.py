"""What runs at the far end of a channel, told by a socket beside it what to do with what comes.

Nothing but payloads goes through the channel itself. This loads in a subinterpreter too, and so
needs little.
"""

from __future__ import annotations

import os
import socket
import struct
from contextlib import suppress
from itertools import repeat
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from gilbench.trials.communication.channel import ChannelWithFarEnd, Far

__all__ = [
    "ANYWHERE",
    "DONE",
    "NO_MEMORY",
    "ORDER",
    "SEAT",
    "SERVE_CHANNEL",
    "serve",
    "serve_channel",
]

SERVE_CHANNEL: Final = f"{__name__}:serve_channel"
"""What runs at the far end of a channel that can be handed over."""

SEAT: Final = struct.Struct("q")
"""The first thing told: the processor to stay on, or `ANYWHERE`."""
ANYWHERE: Final = -1
ORDER: Final = struct.Struct("?qq")
"""Whether to answer, how many payloads, and of what size. It is the last one where that is none."""

DONE: Final = b"+"
_FAILED: Final = b"-"
NO_MEMORY: Final = b"m"
"""What is told before and after each order; else what went wrong, after a byte that says so."""


class _LetGoError(Exception):
    """The other end expects nothing more."""


def serve_channel(channel: ChannelWithFarEnd, control: socket.socket) -> None:
    """Serve at the far end of a channel: the life of a peer on a thread or in a process."""
    serve(channel.far, control)


def serve(far_of: Callable[[int], Far], control: socket.socket) -> None:
    """Carry out orders until there is none: the life of a peer."""
    with control:
        far: Far | None = None
        try:
            (processor,) = SEAT.unpack(control.recv(SEAT.size, socket.MSG_WAITALL))
            if processor != ANYWHERE:
                os.sched_setaffinity(0, {processor})
            control.sendall(DONE)
            while True:
                told = control.recv(ORDER.size, socket.MSG_WAITALL)
                answers, times, size = ORDER.unpack(told) if told else (False, 0, 0)
                if not times:
                    return
                far = far_of(size)
                control.sendall(DONE)
                (_answer if answers else _take)(far, times)
                control.sendall(DONE)
        except BaseException as error:  # noqa: BLE001 - whatever it is, nobody must wait for us
            with suppress(Exception):
                kind = NO_MEMORY if isinstance(error, MemoryError) else b""
                text = kind or f"{type(error).__name__}: {error}".encode()
                control.sendall(_FAILED + text)
            with suppress(Exception):
                if far is not None:
                    far.end()


def _answer(far: Far, times: int) -> None:
    receive, send = far.receive, far.send
    for _ in repeat(None, times):
        payload = receive()
        if payload is None:
            raise _LetGoError
        send(payload)
        # Not while the next one comes: of what is large, two would have to fit in the cache.
        del payload


def _take(far: Far, times: int) -> None:
    receive = far.receive
    for _ in repeat(None, times):
        if receive() is None:
            raise _LetGoError
