"""The modules that the user wants workers to import."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from gilbench._native.clock import now_ns
from gilbench.backends.serving import tell
from gilbench.errors import InputError
from gilbench.trials.tried import Tried

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gilbench.comparison import Parameter

__all__ = ["bring", "modules"]


def modules(parameters: Mapping[str, Parameter]) -> list[str]:
    """Return the modules that a trial's parameter `imports` names, with commas between."""
    return [name for name in str(parameters.get("imports", "")).split(",") if name]


def bring(names: Sequence[str]) -> Tried:
    """Import the modules here, and return how long it took.

    Raises InputError for one that cannot be imported, whatever is wrong with it.
    """
    began = now_ns()
    for name in names:
        try:
            import_module(name)
        except ModuleNotFoundError as error:
            why = "there is no such module" if error.name == name else tell(error)
            raise InputError(f"{name!r} cannot be imported: {why}") from error
        except BaseException as error:
            raise InputError(f"{name!r} cannot be imported: {tell(error)}") from error
    return Tried(figures={"import_ns": (now_ns() - began,)})
