"""Own-GIL subinterpreters, one to a thread: `interpreters`.

`concurrent.interpreters` is new in Python 3.14; before it there are private modules only, whose
differences end in this file.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from gilbench._native import gate
from gilbench.backends.backend import WorkerFailedError
from gilbench.backends.deadline import SECONDS_TO_START, Deadline
from gilbench.backends.in_process import gather, on_threads
from gilbench.backends.memory import private_gate

if TYPE_CHECKING:
    from collections.abc import Callable

    from gilbench.model import Reading
    from gilbench.worker import Order

__all__ = ["INTERPRETERS", "Interpreter", "InterpretersBackend", "make_interpreter"]


@dataclass(frozen=True, kw_only=True)
class Interpreter:
    """One subinterpreter: `execute` runs source text in it and returns its error, or null."""

    execute: Callable[[str], str | None]
    close: Callable[[], None]


def make_interpreter(*, bare: bool = False) -> Interpreter:
    """Return a new subinterpreter with a GIL of its own.

    The thread that calls this must be the one that closes it. `bare`: nothing is imported into it,
    and then nothing run in it may import `threading` (3.12).
    """
    if sys.version_info >= (3, 13):
        module: Any = import_module("_interpreters")
        identity = module.create("isolated")

        def execute(source: str) -> str | None:
            problem = module.exec(identity, source)
            return None if problem is None else str(problem.formatted)

    else:
        module = import_module("_xxsubinterpreters")
        identity = module.create(isolated=True)

        def execute(source: str) -> str | None:
            try:
                module.run_string(identity, source)
            except module.RunFailedError as error:
                return str(error)
            return None

    # Whoever imports `threading` first is that interpreter's main thread, and destroying it waits
    # for that thread (3.12): it must be the one that will destroy it, not one of a sample.
    if not bare:
        execute("import threading")
    return Interpreter(execute=execute, close=lambda: module.destroy(identity))


_SOURCE = """
import sys
sys.path[:] = {path!r}
from gilbench.backends.serving import write_answer
write_answer({order!r}, {worker}, {address}, {descriptor})
"""


class InterpretersCrew:
    """Subinterpreters that are kept: making one takes long and, before 3.14, leaks."""

    def __init__(self) -> None:
        self._gate = private_gate()
        self._interpreters: list[Interpreter] = []

    def run(self, order: Order) -> list[Reading]:
        """Return a reading per interpreter. Raises WorkerFailedError."""
        deadline = Deadline(SECONDS_TO_START)
        while len(self._interpreters) < order.workers:
            self._interpreters.append(make_interpreter())
            try:
                deadline.check()
            except TimeoutError as error:
                raise WorkerFailedError(
                    f"{len(self._interpreters)} of {order.workers} interpreters were made: {error}"
                ) from error
        gate.reset(self._gate, order.workers, order.cores)
        return gather(
            on_threads(order.workers, self._gate, lambda worker: self._answer(order, worker))
        )

    def close(self) -> None:
        """Destroy all interpreters."""
        while self._interpreters:
            self._interpreters.pop().close()

    def _answer(self, order: Order, worker: int) -> dict[str, object]:
        reading, writing = os.pipe()
        with os.fdopen(reading, encoding="utf-8") as pipe:
            source = _SOURCE.format(
                path=sys.path,
                order=json.dumps(asdict(order)),
                worker=worker,
                address=gate.address(self._gate),
                descriptor=writing,
            )
            problem = self._interpreters[worker].execute(source)
            if problem is None:
                answered: dict[str, object] = json.load(pipe)
                return answered
            gate.abort(self._gate)
            os.close(writing)
        refused = "subinterpreter" in problem
        return {"refused" if refused else "failed": " ".join(problem.split())[:300]}


@dataclass(frozen=True, kw_only=True)
class InterpretersBackend:
    """Subinterpreters with a GIL of their own."""

    name: str = "interpreters"
    summary: str = "subinterpreters with a GIL of their own, one to a thread"
    shares_the_gil: bool = False

    def unavailable(self) -> str | None:
        """Return why not here: own-GIL interpreters came with Python 3.12 (PEP 684)."""
        if sys.version_info < (3, 12):
            return "a GIL for each interpreter needs Python 3.12 or later"
        return None

    def crew(self) -> InterpretersCrew:
        """Return a crew without interpreters."""
        return InterpretersCrew()


INTERPRETERS = InterpretersBackend()
