"""Workers without a pool: each does one task, and is there for it alone."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from gilbench.trials.crash.crew import DONE, process_lives, thread_lives

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.process import BaseProcess

    from gilbench.backends.interpreters import Interpreter
    from gilbench.trials.crash.crew import Crew, Pending

__all__ = ["workers"]


def workers(way: str) -> Crew:
    """Return workers of a way."""
    if way == "thread":
        return _Threads()
    if way == "interpreter":
        return _Interpreters()
    return _Processes(way)


class _OnThread(threading.Thread):
    """A thread that does one task; `told` is what its caller finds when it has ended."""

    def __init__(self, work: Callable[[], str]) -> None:
        super().__init__(daemon=True)
        self._work = work
        self._told = "ended without an answer"

    def run(self) -> None:
        self._told = self._work()

    def wait(self, seconds: float) -> str | None:
        self.join(seconds)
        return None if self.is_alive() else self._told

    def kill(self) -> bool:
        return False


class _Threads:
    queues = False
    lives = staticmethod(thread_lives)

    def submit(self, function: Callable[..., object], *arguments: object) -> Pending:
        def work() -> str:
            function(*arguments)
            return DONE

        thread = _OnThread(work)
        thread.start()
        return thread


class _Interpreters:
    """Subinterpreters with a GIL of their own, each on a thread."""

    queues = False

    def __init__(self) -> None:
        self._made: list[tuple[_OnThread, Interpreter]] = []

    def submit(self, function: Callable[..., object], *arguments: object) -> Pending:
        from gilbench.backends.interpreters import make_interpreter

        interpreter = make_interpreter()
        source = (
            f"from {function.__module__} import {function.__name__}\n"
            f"{function.__name__}(*{arguments!r})"
        )
        thread = _OnThread(lambda: interpreter.execute(source) or DONE)
        self._made.append((thread, interpreter))
        thread.start()
        return thread

    def lives(self, worker: str) -> bool:
        """Return whether an interpreter is at work, or does what it is told."""
        return any(
            thread.is_alive() or interpreter.execute("pass") is None
            for thread, interpreter in self._made
            if str(thread.ident) == worker.partition("/")[2]
        )


class _Processes:
    """Processes that multiprocessing starts."""

    queues = False
    lives = staticmethod(process_lives)

    def __init__(self, method: str) -> None:
        import multiprocessing

        self._context: Any = multiprocessing.get_context(method)

    def submit(self, function: Callable[..., object], *arguments: object) -> Pending:
        process = self._context.Process(target=function, args=arguments, daemon=True)
        process.start()
        return _InProcess(process)


class _InProcess:
    def __init__(self, process: BaseProcess) -> None:
        self._process = process

    def wait(self, seconds: float) -> str | None:
        self._process.join(seconds)
        code = self._process.exitcode
        return None if code is None else DONE if code == 0 else f"exit code {code}"

    def kill(self) -> bool:
        self._process.kill()
        return True
