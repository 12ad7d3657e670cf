"""The far end of a channel between subinterpreters: what the other one loads, and no more."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any, Final

from gilbench.trials.communication.channel import Far
from gilbench.trials.communication.interpreter_queues import find_queue
from gilbench.trials.communication.serving import serve

if TYPE_CHECKING:
    from collections.abc import Callable

    from gilbench.trials.communication.interpreter_queues import InterpreterQueue

__all__ = ["SERVE_QUEUES", "getter", "serve_queues"]

SERVE_QUEUES: Final = f"{__name__}:serve_queues"
"""What runs in the other interpreter."""


def serve_queues(polls: bool, there: int, back: int, control: int) -> None:
    """Serve at the far end: the life of a peer in a subinterpreter.

    The queues are told by their numbers, and the socket for orders by its descriptor.
    """
    inward, put = find_queue(there), find_queue(back).put
    far = Far(receive=getter(inward, polls), send=put, end=lambda: put(None))
    serve(lambda _: far, socket.socket(fileno=control))


def getter(queue: InterpreterQueue, polls: bool) -> Callable[[], Any]:
    """Return what gets the next payload: waits as the queue does, or looks all the time."""
    return queue.polled() if polls else queue.get
