"""From what the user names to the target of a check, and to what a worker finds it by."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from gilbench import workloads
from gilbench.errors import InputError
from gilbench.evidence import Target
from gilbench.workloads.statement import statement_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from gilbench.evidence import Sizes

__all__ = ["target_of", "workload_of"]

_FUNCTION: Final = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*")
_SIZE: Final = "n"


def target_of(
    asked: str | Callable[[], object], setup: str, sizes: Sizes | None, *, in_process: bool
) -> Target:
    """Return the target that a text or a function names; `in_process` any function will do.

    Raises InputError for a function with a setup or sizes, for a function that no worker can
    import, for a setup that is no text, and for sizes where no `n` is.
    """
    if not isinstance(setup, str):
        raise InputError(f"a setup is a text, not {setup!r}")
    if in_process and not isinstance(asked, str):
        name = _any_name(asked)
        _refuse_for_function(name, setup, sizes)
        return Target(function=name)
    text = asked if isinstance(asked, str) else workloads.name_of(asked)
    if _FUNCTION.fullmatch(text.strip()) is not None:
        _refuse_for_function(text, setup, sizes)
        return Target(function=text.strip())
    names = _names(text) | _names(setup)
    if sizes is not None and _SIZE not in names:
        raise InputError("sizes are values of n, and neither the statement nor the setup has an n")
    return Target(statement=text, setup=setup)


def workload_of(target: Target, size: int | None) -> str:
    """Return the text by which hosts and workers find the target at one value of `n`."""
    if target.function is not None:
        return target.function
    assert target.statement is not None
    return statement_text(target.statement, target.setup, size)


def _refuse_for_function(text: str, setup: str, sizes: Sizes | None) -> None:
    name = text.strip()
    call = f'"{name.partition(":")[2]}(n)" -s "from {name.partition(":")[0]} import …"'
    if setup:
        raise InputError(f"{name!r} is a function, which has no setup; write a statement: {call}")
    if sizes is not None:
        raise InputError(f"{name!r} takes no arguments, so no sizes; write a statement: {call}")


def _any_name(function: Callable[[], object]) -> str:
    if not callable(function):
        raise InputError(f"{function!r} is {type(function).__name__}, not a function")
    module = getattr(function, "__module__", None) or "builtins"
    return f"{module}:{getattr(function, '__qualname__', None) or type(function).__qualname__}"


def _names(code: str) -> set[str]:
    """Return the names in some code; `n` where it does not parse, which others tell better."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {_SIZE}
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
