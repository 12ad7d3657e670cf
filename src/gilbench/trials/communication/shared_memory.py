"""Shared memory between processes, and semaphores that say when a payload is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gilbench.trials.blocks import needing_shared_memory
from gilbench.trials.communication.blocks import Block
from gilbench.trials.communication.channel import Far, Near, near
from gilbench.trials.communication.pattern import pattern
from gilbench.trials.communication.serving import SERVE_CHANNEL
from gilbench.trials.ways import context

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from gilbench.comparison import Way

__all__ = ["open_copied", "open_in_place"]


class _Place:
    """One direction: a place for one payload, which is copied in, and out again."""

    def __init__(self, way: Way, largest: int) -> None:
        made = context(way)
        with needing_shared_memory():
            self._free, self._full = made.Semaphore(1), made.Semaphore(0)
        self._flag = largest  # where it stands that nothing more will come
        self.block = Block(way, largest + 1)

    def sender(self, size: int) -> Callable[[bytes], None]:
        free, full, data = self._free.acquire, self._full.release, self.block.data

        def send(payload: bytes) -> None:
            free()
            data[:size] = payload
            full()

        return send

    def receiver(self, size: int) -> Callable[[], bytes | None]:
        full, free, data = self._full.acquire, self._free.release, self.block.data
        flag = self._flag

        def receive() -> bytes | None:
            full()
            payload = bytes(data[:size])
            free()
            return None if data[flag] else payload

        return receive

    def end(self) -> None:
        self.block.data[self._flag] = 1
        self._full.release()


class _Copied:
    """A place there, and a place back."""

    def __init__(self, way: Way, largest: int) -> None:
        self._there = _Place(way, largest)
        try:
            self._back = _Place(way, largest)
        except BaseException:
            self._there.block.close()
            raise

    def payload(self, size: int, /) -> bytes:
        return pattern(size)

    def near(self, size: int, /) -> Near:
        return near(self._there.sender(size), self._back.receiver(size), self._there.end)

    def far(self, size: int, /) -> Far:
        return Far(
            receive=self._there.receiver(size), send=self._back.sender(size), end=self._back.end
        )

    def peer(self, control: socket.socket, /) -> tuple[str, tuple[object, ...]]:
        return SERVE_CHANNEL, (self, control)

    def settle(self) -> None:
        self._there.block.forget_name()
        self._back.block.forget_name()

    def close(self) -> None:
        self._there.block.close()
        self._back.block.close()


class _InPlace:
    """One block that both look at, where the payload lies: only signals go there and back."""

    def __init__(self, way: Way, largest: int) -> None:
        made = context(way)
        with needing_shared_memory():
            self._there, self._back = made.Semaphore(0), made.Semaphore(0)
        self._ended = largest
        self._block = Block(way, largest + 1)

    def payload(self, size: int, /) -> memoryview:
        data = self._block.data
        data[:size] = pattern(size)
        return data

    def near(self, _size: int, /) -> Near:
        return near(
            self._sender(self._there.release),
            self._receiver(self._back.acquire),
            self._ender(self._there.release),
        )

    def far(self, _size: int, /) -> Far:
        return Far(
            receive=self._receiver(self._there.acquire),
            send=self._sender(self._back.release),
            end=self._ender(self._back.release),
        )

    def peer(self, control: socket.socket, /) -> tuple[str, tuple[object, ...]]:
        return SERVE_CHANNEL, (self, control)

    def settle(self) -> None:
        self._block.forget_name()

    def close(self) -> None:
        self._block.close()

    def _sender(self, release: Callable[[], object]) -> Callable[[object], object]:
        return lambda _: release()

    def _receiver(self, acquire: Callable[[], object]) -> Callable[[], memoryview | None]:
        # Defaults are local: without a GIL, what is around a function is read under a lock.
        def receive(
            data: memoryview = self._block.data, flag: int = self._ended
        ) -> memoryview | None:
            acquire()
            return None if data[flag] else data

        return receive

    def _ender(self, release: Callable[[], object]) -> Callable[[], None]:
        def end() -> None:
            self._block.data[self._ended] = 1
            release()

        return end


def open_copied(way: Way, largest: int, /) -> _Copied:
    """Return a channel of two blocks into which payloads are copied. Raises UnavailableError."""
    return _Copied(way, largest)


def open_in_place(way: Way, largest: int, /) -> _InPlace:
    """Return a channel of one block in which the payload lies. Raises UnavailableError."""
    return _InPlace(way, largest)
