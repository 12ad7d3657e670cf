"""Pools: workers that stay, and tasks that queue for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gilbench.trials.crash.crew import DONE, WORKERS, process_lives, thread_lives

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor, Future
    from multiprocessing.pool import AsyncResult

    from gilbench.trials.crash.crew import Crew, Pending

__all__ = ["interpreters", "pool", "processes", "threads"]


def threads() -> Crew:
    """Return a pool of threads."""
    from concurrent.futures import ThreadPoolExecutor

    return _Executor(ThreadPoolExecutor(WORKERS), thread_lives)


def interpreters() -> Crew:
    """Return a pool of subinterpreters."""
    from concurrent import futures

    make: Any = futures.InterpreterPoolExecutor  # type: ignore[attr-defined]
    return _Executor(make(WORKERS), thread_lives)


def processes(method: str) -> Crew:
    """Return a pool of processes."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    context: Any = multiprocessing.get_context(method)
    return _Executor(ProcessPoolExecutor(WORKERS, mp_context=context), process_lives)


def pool(method: str) -> Crew:
    """Return a pool of processes of multiprocessing's own."""
    return _Pool(method)


class _Executor:
    """An executor of concurrent.futures."""

    queues = True

    def __init__(self, executor: Executor, lives: Callable[[str], bool]) -> None:
        self._executor = executor
        self._lives = lives

    def submit(self, function: Callable[..., object], *arguments: object) -> Pending:
        return _Future(self._executor.submit(function, *arguments))

    def lives(self, worker: str) -> bool:
        return self._lives(worker)


class _Future:
    def __init__(self, future: Future[object]) -> None:
        self._future = future

    def wait(self, seconds: float) -> str | None:
        try:
            error = self._future.exception(seconds)
        except TimeoutError:
            return None
        return DONE if error is None else type(error).__name__

    def kill(self) -> bool:
        return False


class _Pool:
    queues = True
    lives = staticmethod(process_lives)

    def __init__(self, method: str) -> None:
        import multiprocessing

        context: Any = multiprocessing.get_context(method)
        self._pool = context.Pool(WORKERS)

    def submit(self, function: Callable[..., object], *arguments: object) -> Pending:
        return _Result(self._pool.apply_async(function, arguments))


class _Result:
    def __init__(self, result: AsyncResult[object]) -> None:
        self._result = result

    def wait(self, seconds: float) -> str | None:
        self._result.wait(seconds)
        if not self._result.ready():
            return None
        try:
            self._result.get()
        except BaseException as error:  # noqa: BLE001 - whatever the caller is told
            return type(error).__name__
        return DONE

    def kill(self) -> bool:
        return False
