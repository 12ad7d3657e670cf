"""Pickled arrays through a pipe, with their data in the pickle or beside it (PEP 574)."""

from __future__ import annotations

import pickle
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from gilbench.trials.communication.channel import Far, Near, near
from gilbench.trials.communication.pattern import pattern
from gilbench.trials.communication.pipes import PipeChannel

if TYPE_CHECKING:
    from collections.abc import Callable

    from gilbench.comparison import Way

__all__ = ["kind_of_array", "open_array", "open_array_beside"]

_PROTOCOL: Final = 5
_ITEM: Final = 8


def kind_of_array() -> str:
    """Return what the arrays are: numpy's, or where there is no numpy, a buffer of bytes."""
    numpy = _numpy()
    return "bytearray" if numpy is None else f"numpy {numpy.__version__}"


class _Arrays(PipeChannel):
    """A pipe for arrays."""

    def __init__(self, way: Way) -> None:
        # A fork has what is loaded here.
        _numpy()
        super().__init__(way)

    def payload(self, size: int, /) -> object:
        return _array(size)


class _InPickle(_Arrays):
    """The data is part of the pickle."""

    def near(self, _size: int, /) -> Near:
        ours = self._ours
        return near(_send(ours.send_bytes), _receive(ours.recv_bytes), ours.close)

    def far(self, _size: int, /) -> Far:
        theirs = self._theirs
        return Far(
            receive=_receive(theirs.recv_bytes), send=_send(theirs.send_bytes), end=theirs.close
        )


class _BesidePickle(_Arrays):
    """The data goes by itself, after the pickle: it is copied into no pickle, and out of none."""

    def near(self, _size: int, /) -> Near:
        ours = self._ours
        return near(_send_beside(ours.send_bytes), _receive_beside(ours.recv_bytes), ours.close)

    def far(self, _size: int, /) -> Far:
        theirs = self._theirs
        return Far(
            receive=_receive_beside(theirs.recv_bytes),
            send=_send_beside(theirs.send_bytes),
            end=theirs.close,
        )


def open_array(way: Way, _largest: int, /) -> PipeChannel:
    """Return a channel for arrays whose data is in the pickle. Raises UnavailableError."""
    return _InPickle(way)


def open_array_beside(way: Way, _largest: int, /) -> PipeChannel:
    """Return a channel for arrays whose data goes beside the pickle. Raises UnavailableError."""
    return _BesidePickle(way)


def _numpy() -> Any:
    """Return numpy, or null. By its name: it is this trial's subject, and nothing that we use."""
    try:
        return import_module("numpy")
    except ImportError:
        return None


def _array(size: int) -> object:
    """Return an array of `size` bytes, or where there is no numpy, a buffer that pickles as one."""
    numpy = _numpy()
    data = bytearray(pattern(size))
    if numpy is None:
        return pickle.PickleBuffer(data)
    return numpy.frombuffer(data, dtype="u8" if size % _ITEM == 0 else "u1")


def _send(send_bytes: Callable[[Any], None]) -> Callable[[Any], None]:
    dumps = pickle.dumps

    def send(array: Any) -> None:
        send_bytes(dumps(array, _PROTOCOL))

    return send


def _receive(recv_bytes: Callable[[], bytes]) -> Callable[[], Any]:
    loads = pickle.loads

    def receive() -> Any:
        return loads(recv_bytes())

    return receive


def _send_beside(send_bytes: Callable[[Any], None]) -> Callable[[Any], None]:
    dumps = pickle.dumps

    def send(array: Any) -> None:
        buffers: list[pickle.PickleBuffer] = []
        send_bytes(dumps(array, _PROTOCOL, buffer_callback=buffers.append))
        for buffer in buffers:
            send_bytes(buffer.raw())

    return send


def _receive_beside(recv_bytes: Callable[[], bytes]) -> Callable[[], Any]:
    loads = pickle.loads

    def receive() -> Any:
        head = recv_bytes()
        return loads(head, buffers=(recv_bytes(),))

    return receive
