"""The rival of them all: one event loop, whose workers are its tasks."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, TypeVar

from gilbench._native.clock import now_ns
from gilbench.trials.io_bound.refusals import refusals
from gilbench.trials.io_bound.rivals import rival
from gilbench.trials.io_bound.window import Reading
from gilbench.trials.io_bound.worker import burn

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterable
    from types import TracebackType

    from gilbench.trials.io_bound.rivals import Request
    from gilbench.trials.io_bound.window import Window

__all__ = ["Loop"]

T = TypeVar("T")


class Loop:
    """So many tasks of one event loop, on this thread, and a thread that can keep a core busy.

    What asyncio has no calls of its own for is done by `asyncio.to_thread`, on as many threads as
    there are tasks: by itself it would have four more than cores.
    """

    def __init__(self, workers: int, dsn: str | None = None) -> None:
        """Start no thread before it is needed."""
        self._dsn, self._closed = dsn, False
        self._runner = asyncio.Runner()
        self._stack = AsyncExitStack()
        self._stacks: dict[str, AsyncExitStack] = {}
        self._requests: dict[str, list[Request]] = {}
        self._threads = ThreadPoolExecutor(workers)
        self._runner.get_loop().set_default_executor(self._threads)

    def __enter__(self) -> Loop:
        return self

    def __exit__(
        self,
        type_: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def open(self, kind: str, workers: int) -> None:
        """Have so many ready for work of a kind. Raises what keeps one of them from it."""
        with refusals(kind):
            self._runner.run(self._open(kind, workers))

    def drop(self, kind: str) -> None:
        """Close what is open for work of a kind, and so make room for others."""
        self._runner.run(self._stacks[kind].aclose())

    def run(self, window: Window) -> list[Reading]:
        """Return what each task of the window read. All CPU time of the loop is shared out.

        Raises UnavailableError where the system refuses it now.
        """
        with refusals(window.kind):
            return self._runner.run(self._run(window))

    def close(self) -> None:
        """End the loop and its threads. May be called again."""
        if not self._closed:
            self._closed = True
            try:
                self._runner.run(self._stack.aclose())
            finally:
                self._runner.close()

    async def _open(self, kind: str, workers: int) -> None:
        # One of its own, to be left before the others are.
        stack = await self._stack.enter_async_context(AsyncExitStack())
        self._stacks[kind] = stack
        enter = stack.enter_async_context
        requests = [await enter(rival(kind, self._dsn)) for _ in range(workers)]
        await _all(request() for request in requests)
        self._requests[kind] = requests

    async def _run(self, window: Window) -> list[Reading]:
        cpu_ns, from_ns = time.process_time_ns(), now_ns()
        until_ns = from_ns + window.span_ns
        burning = asyncio.to_thread(_burn, from_ns, until_ns) if window.beside else _nothing()
        burned = asyncio.ensure_future(burning)
        requests = self._requests[window.kind][: window.workers]
        try:
            done = await _all(_work(request, from_ns, until_ns) for request in requests)
            cpu_ns = time.process_time_ns() - cpu_ns
        finally:
            burned_ns = await burned
        cpu_ns -= burned_ns
        return [
            Reading(latencies_ns=latencies_ns, elapsed_ns=elapsed_ns, cpu_ns=cpu_ns // len(done))
            for latencies_ns, elapsed_ns in done
        ]


async def _work(request: Request, from_ns: int, until_ns: int) -> tuple[list[int], int]:
    """Return how long each request took, and how long it was from one moment to the last's end."""
    latencies_ns: list[int] = []
    before_ns = now_ns()
    while True:
        await request()
        after_ns = now_ns()
        latencies_ns.append(after_ns - before_ns)
        before_ns = after_ns
        if after_ns >= until_ns:
            break
    return latencies_ns, before_ns - from_ns


async def _all(works: Iterable[Awaitable[T]]) -> list[T]:
    """Return what came of each. Raises the first problem, once all have ended."""
    done: list[T] = []
    for each in await asyncio.gather(*works, return_exceptions=True):
        if isinstance(each, BaseException):
            raise each
        done.append(each)
    return done


async def _nothing() -> int:
    return 0


def _burn(from_ns: int, until_ns: int) -> int:
    """Return the CPU time that it took."""
    before_ns = time.thread_time_ns()
    burn(from_ns, until_ns)
    return time.thread_time_ns() - before_ns
