"""A statement, as timeit takes it: what it calls is called with no bytecode of ours in between.

Bytecode looks every few instructions whether another thread wants the GIL. A statement that is
compiled as usual would therefore be handed over between its calls, however long each of them holds.
So native code carries it out (`statement_plan`), but for loops and whatever else is bytecode of the
statement's own.
"""

from __future__ import annotations

import ast
import builtins
import gc
import json
import threading
import warnings
from dataclasses import dataclass
from functools import partial
from itertools import repeat
from types import FunctionType
from typing import TYPE_CHECKING, Any, Final, TypeVar
from weakref import ref

from gilbench._native import meter as meters
from gilbench._native import statement as walker
from gilbench.errors import InputError
from gilbench.model import Mode
from gilbench.workloads.forks import end_offspring, forks
from gilbench.workloads.statement_plan import FILE, plan_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import CodeType

    from gilbench._native.meter import MeterCapsule

    _Repetition = Callable[[Iterator[None]], object]

__all__ = [
    "StatementTask",
    "StatementWorkload",
    "compile_statement",
    "forget_statements",
    "statement_text",
    "statement_workload",
]

Made = TypeVar("Made")

_MARK: Final = "code:"


def compile_statement(text: str, setup: str = "", n: int | None = None) -> partial[object]:
    """Return what carries the statement out, in names of its own in which `setup` ran once.

    It returns the value of the statement's last line where that is an expression, else None. `n`,
    where given, is a name in both texts. What the setup raises passes through. Raises InputError
    for an empty statement and for what does not parse.
    """
    plan = _read("statement", text, lambda _: plan_of(ast.parse(text)))
    if not plan:
        raise InputError("the statement is empty: say what to call")
    prepare = _read("setup", setup, lambda code: code)
    names: dict[str, Any] = {"__name__": "__gilbench__", "__builtins__": builtins.__dict__}
    if n is not None:
        names["n"] = n
    exec(prepare, names)  # noqa: S102 - it is what the user asks for
    stage = FunctionType(_STAGE, names)
    call = partial(walker.run, plan, names, builtins.__dict__, stage)
    # Where the native caller finds it: it calls many times from one frame of the statement's own.
    vars(call)["__gilbench_stage__"] = stage
    return call


def statement_text(statement: str, setup: str = "", n: int | None = None) -> str:
    """Return the canonical text of the workload that carries the statement out."""
    given = {"statement": statement, "setup": setup or None, "n": n}
    kept = {key: value for key, value in given.items() if value is not None}
    return _MARK + json.dumps(kept, separators=(",", ":"), sort_keys=True)


def statement_workload(text: str) -> StatementWorkload | None:
    """Return the workload if `text` is that of a statement, else None. Raises InputError.

    A function of a module that is called `code` is none.
    """
    if not text.startswith(_MARK + "{"):
        return None
    try:
        given = json.loads(text.removeprefix(_MARK))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{text!r} is no statement: {error}") from error
    unknown = sorted(given.keys() - {"n", "setup", "statement"})
    if unknown:
        raise InputError(f"{text!r} is no statement: what is {unknown[0]!r}?")
    statement, setup, n = given.get("statement"), given.get("setup", ""), given.get("n")
    if (
        not (isinstance(statement, str) and isinstance(setup, str))
        or isinstance(n, bool)
        or not isinstance(n, int | None)
    ):
        raise InputError(f"{text!r} is no statement: it wants texts, and n a number")
    return StatementWorkload(
        text=statement_text(statement, setup, n), statement=statement, setup=setup, n=n
    )


class StatementTask:
    """Repetitions of the statement. A unit is one."""

    stamped: Final = False
    native: Final = None

    def __init__(self, function: Callable[[], partial[object]]) -> None:
        """Carry out what `function` returns, which is asked for it again for each sample.

        Tasks outlive their samples; what the setup of a size made must not, for it may be large.
        """
        self._function = function
        self._forks = forks()
        self._calls = 0
        self._warm: ref[partial[object]] | None = None
        self.run(0)

    def run(self, units: int) -> None:
        """Carry the statement out `units` times, unmeasured."""
        self._repeat(self._repetition(), units)

    def caller(self, mode: Mode) -> Callable[[MeterCapsule, int], bool]:  # noqa: ARG002 - it has one
        """Return what carries the statement out so many times."""
        return partial(self._lap, self._repetition())

    def checksum(self) -> int:
        """Return how often the statement was carried out."""
        return self._calls

    def _repetition(self) -> _Repetition:
        """Return what carries the statement out as often as there are turns, warm."""
        call = self._function()
        repetition = partial(FunctionType(_REPETITION, call.args[1]), call)
        if self._warm is None or self._warm() is not call:
            # What a first call sets up is no part of what every call costs.
            self._repeat(repetition, 1)
            self._warm = ref(call)
        return repetition

    def _repeat(self, repetition: _Repetition, units: int) -> None:
        repetition(repeat(None, units))
        end_offspring(self._forks)
        self._calls += units

    def _lap(self, repetition: _Repetition, meter: MeterCapsule, units: int) -> bool:
        self._repeat(repetition, units)
        return meters.lap(meter, units)


@dataclass(frozen=True, kw_only=True)
class StatementWorkload:
    """The user's statement, with names of its own in each process or interpreter."""

    text: str
    statement: str
    setup: str = ""
    n: int | None = None
    grain_ns: int | None = None
    modes: tuple[Mode, ...] = (Mode.HOLD,)
    has_native_twin: bool = False
    stoppable: bool = False
    shuts_out: bool = True
    bytes: int = 0

    def task(self) -> StatementTask:
        """Run the setup and return the statement's repetitions. Raises as `compile_statement`."""
        return StatementTask(self.function)

    def function(self) -> partial[object]:
        """Return what carries the statement out, its setup run once per interpreter.

        All threads of a process share its names, as they would share a module's: a lock that the
        setup makes is then one lock. Of several sizes the last alone is kept: they follow one
        another, and what a setup makes may be large. Raises as `compile_statement`.
        """
        with _one_at_a_time:
            if self not in _kept:
                # Before it is made: there may be no room for both.
                same = (self.statement, self.setup)
                _forget([each for each in _kept if (each.statement, each.setup) == same])
                _kept[self] = compile_statement(self.statement, self.setup, self.n)
            return _kept[self]


_one_at_a_time: Final = threading.Lock()
_kept: Final[dict[StatementWorkload, partial[object]]] = {}


def forget_statements() -> None:
    """Keep nothing in this process of what setups made: whoever asks again has them run again."""
    with _one_at_a_time:
        _forget(list(_kept))


def _forget(workloads: Sequence[StatementWorkload]) -> None:
    for each in workloads:
        del _kept[each]
    if workloads:
        # A function that a setup defines has the names that it is in: only this finds that cycle.
        gc.collect()


def _run_on_stage(_function: Callable[..., object], *_arguments: object) -> object:
    return _function(*_arguments)


def _run_again(_function: Callable[[], object], _turns: Iterator[None]) -> None:
    for _ in _turns:
        _function()


# Their frames have the names of a statement as globals, for whoever looks its caller up.
_STAGE: Final = _run_on_stage.__code__.replace(co_filename=FILE)
_REPETITION: Final = _run_again.__code__.replace(co_filename=FILE)


def _read(what: str, text: str, make: Callable[[CodeType], Made]) -> Made:
    """Return what is made of a text's code. Raises InputError, in one line, if there is none."""
    try:
        # It finds what the tree alone does not show: that `return` stands outside of a function.
        code = compile(text, f"<{what}>", "exec", dont_inherit=True)
        with warnings.catch_warnings():
            # They have been given, once.
            warnings.simplefilter("ignore", SyntaxWarning)
            return make(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise InputError(_complaint(what, text, error)) from error


def _complaint(what: str, text: str, error: Exception) -> str:
    said, number, lines = str(error), None, text.splitlines() or [""]
    if isinstance(error, SyntaxError):
        said, number = error.msg, error.lineno
    place, line = "", lines[0]
    if number is not None and 1 <= number <= len(lines) and len(lines) > 1:
        place, line = f", in line {number}", lines[number - 1]
    shown = line if len(line) <= 100 else f"{line[:99]}…"
    return f"{what} {shown!r} does not parse{place}: {said or type(error).__name__}"
