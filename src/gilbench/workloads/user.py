"""The user's own function, named `module:function`, imported by the worker that calls it."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from importlib import import_module
from itertools import repeat
from typing import TYPE_CHECKING, Final

from gilbench._native import meter as meters
from gilbench.errors import InputError, nearest
from gilbench.model import Mode
from gilbench.workloads.forks import end_offspring, forks

if TYPE_CHECKING:
    from collections.abc import Callable

    from gilbench._native.meter import MeterCapsule

__all__ = ["FunctionTask", "FunctionWorkload", "find_function", "function_workload", "name_of"]

_NAMED: Final = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*")


def find_function(text: str) -> Callable[[], object]:
    """Return the function that `module:function` names.

    Raises InputError for a module that is not there and for what is no function without arguments.
    What the module itself raises on import passes through.
    """
    module_name, _, path = text.partition(":")
    if module_name == "__main__":
        raise InputError(
            f"{text!r}: workers cannot import from __main__; move the function to a module"
        )
    try:
        found: object = import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is not None and (module_name + ".").startswith(error.name + "."):
            raise InputError(
                f"there is no module {module_name!r} in the current folder or the environment"
            ) from error
        raise
    for name in path.split("."):
        try:
            found = getattr(found, name)
        except AttributeError as error:
            near = nearest(name, (n for n in dir(found) if not n.startswith("__")))
            raise InputError(f"{text!r}: there is no {name!r}{near}") from error
    if not callable(found):
        raise InputError(f"{text!r} is {type(found).__name__}, not a function")
    try:
        inspect.signature(found).bind()
    except TypeError as error:
        raise InputError(
            f"{text!r} wants arguments ({error}); name a function that takes none"
        ) from error
    except ValueError:
        pass  # Some built-in functions do not tell their arguments; calling them will.
    return found


def name_of(function: Callable[[], object]) -> str:
    """Return the text that names `function` to a worker. Raises InputError if none can."""
    module = getattr(function, "__module__", None)
    path = getattr(function, "__qualname__", None)
    text = f"{module}:{path}"
    if not module or not path or _NAMED.fullmatch(text) is None:
        raise InputError(
            f"{function!r} cannot be imported by a worker; name a function of a module"
        )
    if module == "__main__":
        raise InputError(
            f"{path!r} lives in __main__, which workers cannot import; move it to a module"
        )
    return text


class FunctionTask:
    """Calls of the function. A unit is one call; its result is dropped."""

    stamped: Final = False
    native: Final = None

    def __init__(self, function: Callable[[], object]) -> None:
        self._function = function
        self._forks = forks()
        self._calls = 0
        # What a first call sets up is no part of what every call costs.
        self.run(1)

    def run(self, units: int) -> None:
        """Call the function `units` times, unmeasured."""
        function = self._function
        for _ in repeat(None, units):
            function()
        end_offspring(self._forks)
        self._calls += units

    def caller(self, mode: Mode) -> Callable[[MeterCapsule, int], bool]:  # noqa: ARG002 - it has one
        """Return what calls the function so many times."""
        return self._call

    def checksum(self) -> int:
        """Return how often the function was called."""
        return self._calls

    def _call(self, meter: MeterCapsule, units: int) -> bool:
        self.run(units)
        return meters.lap(meter, units)


@dataclass(frozen=True, kw_only=True)
class FunctionWorkload:
    """The user's function: nobody knows what it does, so nothing in it can be stamped."""

    text: str
    grain_ns: int | None = None
    modes: tuple[Mode, ...] = (Mode.HOLD,)
    has_native_twin: bool = False
    stoppable: bool = False
    shuts_out: bool = True
    bytes: int = 0

    def task(self) -> FunctionTask:
        """Import the function and return its calls. Raises as `find_function` does."""
        return FunctionTask(self.function())

    def function(self) -> Callable[[], object]:
        """Import the function. Raises as `find_function` does."""
        return find_function(self.text)


def function_workload(text: str) -> FunctionWorkload | None:
    """Return the workload if `text` reads as `module:function`, else None."""
    return FunctionWorkload(text=text) if _NAMED.fullmatch(text) else None
