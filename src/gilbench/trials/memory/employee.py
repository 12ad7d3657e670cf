"""A worker that does what a trial asks of it, one thing at a time, until it is let go."""

from __future__ import annotations

import inspect
import marshal
import os
import time
from functools import cache
from typing import TYPE_CHECKING, Final

from gilbench.backends.backend import WorkerFailedError
from gilbench.comparison import Way
from gilbench.trials import ways
from gilbench.trials.memory import labour
from gilbench.trials.memory.reading import Reading, of_process

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

__all__ = ["Employee", "LabourError"]

_SECONDS_TO_ANSWER: Final = 30.0
_SECONDS_TO_END: Final = 5.0
# A worker in this process cannot close its line as a process does by dying.
_SECONDS_BETWEEN_LOOKS: Final = 0.1


class LabourError(Exception):
    """What was asked raised an error in the worker: its type and text, in one line."""


class Employee:
    """One worker of a way, which runs `labour`. A context: at its end the worker is gone."""

    def __init__(self, way: Way, given: Mapping[str, object] | None = None) -> None:
        """Start it and hand it `given`: as it is where it can be (thread, fork), else a copy."""
        self._line, theirs = _ends(way)
        try:
            self._started = ways.start(way, *_work(way, theirs, dict(given or {})))
        except BaseException:
            self._line.close()
            labour.Line(theirs).close()
            raise
        if way in ways.PROCESS_WAYS:
            # The worker has its own: who is left alone is to notice.
            labour.Line(theirs).close()
        self.pid: int = self._started.pid
        self._here = self.pid == os.getpid()

    def ask(self, name: str, *arguments: object) -> object:
        """Return what the function of `labour` returns.

        Raises LabourError where it raised, and WorkerFailedError where nobody answers.
        """
        try:
            self._line.send((name, arguments))
            self._await_answer()
            well, answer = self._line.receive()
        except (EOFError, OSError) as error:
            self._started.join(_SECONDS_TO_END)
            problem = self._started.problem or "its worker closed the line"
            raise WorkerFailedError(f"asked to {name}, {problem}") from error
        if not well:
            raise LabourError(" ".join(str(answer).split())[:300])
        return answer

    def memory(self) -> Reading:
        """Return the memory of the worker's process, as itself sees it where it can."""
        told = self.ask("memory")
        assert isinstance(told, dict)
        return Reading(**told) if told else of_process(self.pid)

    def let_go(self) -> None:
        """Let it end, and clear it away."""
        try:
            self._line.send(None)
        except OSError:
            pass  # It is gone already.
        finally:
            self._line.close()
            if not self._started.join(_SECONDS_TO_END):
                self._started.end()

    def __enter__(self) -> Employee:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.let_go()

    def _await_answer(self) -> None:
        end = time.monotonic() + _SECONDS_TO_ANSWER
        while not self._line.poll(_SECONDS_BETWEEN_LOOKS):
            if self._here and self._started.join(0):
                raise EOFError
            if time.monotonic() > end:
                raise WorkerFailedError(f"a worker did not answer within {_SECONDS_TO_ANSWER:g} s")


def _ends(way: Way) -> tuple[labour.Line, object]:
    """Return our end of a line, and the worker's as it is to be handed over."""
    if way in ways.PROCESS_WAYS:
        ours, theirs = ways.context(way).Pipe()
        return labour.Line(ours), theirs
    to_us, from_them = os.pipe()
    to_them, from_us = os.pipe()
    return labour.Line((to_us, from_us)), (to_them, from_them)


def _work(way: Way, end: object, given: dict[str, object]) -> tuple[str, tuple[object, ...]]:
    """Return the function that the worker calls, and its arguments."""
    if way in {Way.THREAD, Way.FORK}:
        return "gilbench.trials.memory.labour:serve", (end, given)
    return "builtins:exec", (_SOURCE, {"code": _code(), "end": end, "given": given})


_SOURCE: Final = """
import marshal
exec(marshal.loads(code), globals())
serve(end, given)
"""


@cache
def _code() -> bytes:
    return marshal.dumps(compile(inspect.getsource(labour), str(labour.__file__), "exec"))
