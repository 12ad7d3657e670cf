"""One worker of a way, started here and now: what trials build upon.

To be used in a host, which has no thread of Python's but its main one and those that a trial
starts: `fork` forks this very process, so that the worker has what its parent has. Trials fork
before they start threads, and have themselves a host of their own where they cannot.
"""

from __future__ import annotations

import marshal
import multiprocessing
import os
import pickle
import sys
from importlib import import_module
from threading import Thread
from typing import TYPE_CHECKING, Any, Final, Protocol

from gilbench.backends.exit_code import describe_exit
from gilbench.backends.interpreters import INTERPRETERS, make_interpreter
from gilbench.backends.serving import tell
from gilbench.comparison import Way
from gilbench.trials.tried import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["PROCESS_WAYS", "Started", "context", "start", "starter", "why_unavailable"]

PROCESS_WAYS: Final = (Way.FORK, Way.FORKSERVER, Way.SPAWN)
"""The ways whose workers are processes; their names are multiprocessing's start methods."""


class Started(Protocol):
    """A worker that was started."""

    pid: int
    """The process that it is in."""
    problem: str | None
    """After its end: what went wrong, in one line, or null."""

    def wait(self, seconds: float | None = None) -> object:
        """Wait for its end, so long at most, as its way does it and with nothing else: for a clock.

        `join` is called nevertheless.
        """

    def join(self, seconds: float | None = None) -> bool:
        """Wait for its end, so long at most, and clear it away. Return whether it has ended."""

    def end(self) -> None:
        """Kill it, if it is a process that has not ended, and clear it away.

        A thread cannot be killed: it ends with its host.
        """


def why_unavailable(way: Way) -> str | None:
    """Return why this interpreter or platform does not have the way, or null where it does."""
    match way:
        case Way.THREAD:
            return None
        case Way.INTERPRETER:
            return INTERPRETERS.unavailable()
        case _ if way in multiprocessing.get_all_start_methods():
            return None
        case _:
            return f"{sys.platform} has no start method '{way}'"


def context(way: Way) -> Any:
    """Return multiprocessing's context of a way that is a start method.

    Raises UnavailableError.
    """
    _require(way)
    return multiprocessing.get_context(way.value)


def start(way: Way, function: str, arguments: tuple[object, ...] = ()) -> Started:
    """Return a worker of that way, which was started and calls `function(*arguments)` once.

    `function` is `module:name`. A thread is handed the arguments themselves. A subinterpreter gets
    copies, by marshal where they are plain data and else by pickle, as do `forkserver` and `spawn`.
    A fork has those of its parent. Raises UnavailableError where the way is not to be had, and
    OSError or RuntimeError where the system refuses a worker.
    """
    return starter(way, function, arguments)()


def starter(
    way: Way, function: str, arguments: tuple[object, ...] = (), *, bare: bool = False
) -> Callable[[], Started]:
    """Return what starts a worker, as `start` does, each time it is called: all else is done.

    `bare`: the function imports no `threading`, so that a subinterpreter need not do so for it.
    """
    _require(way)
    if way is Way.INTERPRETER:
        source = _source(function, arguments)
        return lambda: _InInterpreter(source, bare)
    target = _find(function)
    if way is Way.THREAD:
        return lambda: _OnThread(target, arguments)
    make = context(way).Process
    return lambda: _InProcess(make, target, arguments)


class _OnThread:
    """A thread of this interpreter."""

    __slots__ = ("_thread", "pid", "problem", "wait")

    def __init__(self, target: Callable[..., object], arguments: tuple[object, ...]) -> None:
        self.pid = os.getpid()
        self.problem: str | None = None
        self._thread = Thread(target=self._work, args=(target, arguments), daemon=True)
        self.wait = self._thread.join
        self._thread.start()

    def join(self, seconds: float | None = None) -> bool:
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def end(self) -> None:
        pass

    def _work(self, target: Callable[..., object], arguments: tuple[object, ...]) -> None:
        try:
            target(*arguments)
        except BaseException as error:  # noqa: BLE001 - whatever it raises is its problem
            self.problem = tell(error)


class _InInterpreter:
    """A subinterpreter with a GIL of its own, and the thread that it runs on."""

    __slots__ = ("_closed", "_interpreter", "_thread", "pid", "problem")

    def __init__(self, source: str, bare: bool) -> None:
        self.pid = os.getpid()
        self.problem: str | None = None
        self._closed = False
        self._interpreter = make_interpreter(bare=bare)
        self._thread = Thread(target=self._work, args=(source,), daemon=True)
        try:
            self._thread.start()
        except BaseException:
            self._interpreter.close()
            raise

    def wait(self, seconds: float | None = None) -> None:
        self._thread.join(seconds)
        if not self._closed and not self._thread.is_alive():
            self._closed = True
            self._interpreter.close()

    def join(self, seconds: float | None = None) -> bool:
        self.wait(seconds)
        return self._closed

    def end(self) -> None:
        self.join(0)

    def _work(self, source: str) -> None:
        problem = self._interpreter.execute(source)
        if problem is not None:
            self.problem = " ".join(problem.split())[:300]


class _InProcess:
    """A process that multiprocessing starts."""

    __slots__ = ("_closed", "_process", "pid", "problem", "wait")

    def __init__(
        self, make: Any, target: Callable[..., object], arguments: tuple[object, ...]
    ) -> None:
        self.problem: str | None = None
        self._closed = False
        self._process = make(target=target, args=arguments, daemon=True)
        self.wait: Callable[..., object] = self._process.join
        self._process.start()
        self.pid: int = self._process.pid

    def join(self, seconds: float | None = None) -> bool:
        if self._closed:
            return True
        self._process.join(seconds)
        code = self._process.exitcode
        if code is None:
            return False
        if code != 0:
            self.problem = f"its process {describe_exit(code)}"
        self._closed = True
        self._process.close()
        return True

    def end(self) -> None:
        if not self._closed:
            self._process.kill()
            self.join()


# The path is this interpreter's, so that the same modules are found.
_SOURCE: Final = """
import sys
sys.path[:] = {path!r}
from {module} import {first}
from {loader} import loads
{name}(*loads({arguments!r}))
"""


def _source(function: str, arguments: tuple[object, ...]) -> str:
    """Return what a subinterpreter runs. `marshal`, being built in, costs it no import."""
    module, _, name = function.partition(":")
    plain: Any = arguments
    try:
        loader, data = "marshal", marshal.dumps(plain)
    except ValueError:
        loader, data = "pickle", pickle.dumps(arguments)
    return _SOURCE.format(
        path=sys.path,
        module=module,
        first=name.partition(".")[0],
        name=name,
        loader=loader,
        arguments=data,
    )


def _find(function: str) -> Callable[..., object]:
    module, _, name = function.partition(":")
    found: Any = import_module(module)
    for part in name.split("."):
        found = getattr(found, part)
    function_found: Callable[..., object] = found
    return function_found


def _require(way: Way) -> None:
    lacks = why_unavailable(way)
    if lacks is not None:
        raise UnavailableError(lacks)
