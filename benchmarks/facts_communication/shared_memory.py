"""Shared memory, and semaphores that say whose turn it is."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from multiprocessing.shared_memory import SharedMemory
from typing import TYPE_CHECKING, Any

from bare import Bare, data

from gilbench.comparison import Way
from gilbench.trials.ways import context

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def shared_memory(size: int) -> Iterator[Bare]:
    """Yield a channel into whose blocks, one each way, payloads are copied, and out of them."""
    with ExitStack() as stack:
        blocks = [SharedMemory(create=True, size=size) for _ in range(2)]
        for block in blocks:
            stack.callback(block.close)
            block.unlink()
        semaphores = [[context(Way.FORK).Semaphore(number) for number in (1, 0)] for _ in blocks]

        def sender(block: Any, free: Any, full: Any) -> Callable[[Any], None]:
            acquire, release, place = free.acquire, full.release, block.buf

            def send(payload: Any) -> None:
                acquire()
                place[:size] = payload
                release()

            return send

        def receiver(block: Any, free: Any, full: Any) -> Callable[[], bytes]:
            acquire, release, place = full.acquire, free.release, block.buf

            def receive() -> bytes:
                acquire()
                payload = bytes(place[:size])
                release()
                return payload

            return receive

        there, back = ((block, *pair) for block, pair in zip(blocks, semaphores, strict=True))
        yield Bare(
            make=lambda: data(size),
            send=sender(*there),
            receive=receiver(*back),
            far=lambda: (receiver(*there), sender(*back)),
        )


@contextmanager
def in_place(size: int) -> Iterator[Bare]:
    """Yield a channel whose one block both sides look at: nothing is copied. Who receives looks at
    one byte of it.
    """
    block = SharedMemory(create=True, size=size)
    block.unlink()
    there, back = (context(Way.FORK).Semaphore(0) for _ in range(2))
    tell, tell_back = there.release, back.release

    def receiver(acquire: Callable[[], object]) -> Callable[[], int]:
        place = block.buf

        def receive() -> int:
            acquire()
            return place[0]

        return receive

    yield Bare(
        make=lambda: None,
        send=lambda _: tell(),
        receive=receiver(back.acquire),
        far=lambda: (receiver(there.acquire), lambda _: tell_back()),
    )
    block.close()
