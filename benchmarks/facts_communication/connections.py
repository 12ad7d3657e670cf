"""A connection of multiprocessing's: objects as it pickles them, and arrays as we do."""

from __future__ import annotations

import pickle
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
from bare import Bare, data

from gilbench.comparison import Way
from gilbench.trials.ways import context

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def pipe(size: int) -> AbstractContextManager[Bare]:
    """Return a channel through which objects go."""
    return two_ends(lambda connection: (connection.recv, connection.send), lambda: data(size))


def array(size: int) -> AbstractContextManager[Bare]:
    """Return a channel through which arrays go, pickled."""

    def ends(connection: Any) -> tuple[Any, Any]:
        def send(payload: Any) -> None:
            connection.send_bytes(pickle.dumps(payload, 5))

        return lambda: pickle.loads(connection.recv_bytes()), send

    return two_ends(ends, lambda: numbers(size))


def array_beside(size: int) -> AbstractContextManager[Bare]:
    """Return a channel through which arrays go, their data beside what is pickled."""

    def ends(connection: Any) -> tuple[Any, Any]:
        def send(payload: Any) -> None:
            buffers: list[Any] = []
            connection.send_bytes(pickle.dumps(payload, 5, buffer_callback=buffers.append))
            for buffer in buffers:
                connection.send_bytes(buffer.raw())

        def receive() -> Any:
            head = connection.recv_bytes()
            return pickle.loads(head, buffers=[connection.recv_bytes()])

        return receive, send

    return two_ends(ends, lambda: numbers(size))


@contextmanager
def two_ends(ends: Callable[[Any], tuple[Any, Any]], make: Callable[[], Any]) -> Iterator[Bare]:
    """Yield a channel that receives and sends at either end of a pipe by what `ends` returns."""
    ours, theirs = context(Way.FORK).Pipe()
    with ours, theirs:
        receive, send = ends(ours)
        yield Bare(make=make, send=send, receive=receive, far=lambda: ends(theirs))


def numbers(size: int) -> Any:
    """Return an array of so many bytes."""
    return np.frombuffer(bytearray(data(size)), dtype="u8")
