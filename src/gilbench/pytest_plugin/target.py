"""What a test hands over to be checked: how it is called, and whether a host can import it."""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gilbench.errors import InputError
from gilbench.workloads.user import name_of as importable_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec

__all__ = ["IN_PROCESS", "a_host_can_import", "name_of"]

IN_PROCESS: Final = (
    "It ran in pytest's own process, and would have taken pytest along had it crashed or hung; what"
    " can be imported by name runs in a process of its own."
)

_CHARACTERS: Final = 60


def name_of(target: Callable[[], object] | str) -> str:
    """Return what to call the target: its text in one line, cut, or `function()`."""
    if isinstance(target, str):
        line = " ".join(target.split())
        return repr(line if len(line) <= _CHARACTERS else line[: _CHARACTERS - 1] + "…")
    path = getattr(target, "__qualname__", None)
    return f"{path.rpartition('<locals>.')[2]}()" if path else repr(target)


def a_host_can_import(function: Callable[[], object]) -> bool:
    """Return whether a fresh process finds this very function by its name.

    pytest imports test modules in ways that other processes do not have, and two of them may have
    one name: what counts is that the search comes to the same file.
    """
    try:
        module_name, _, path = importable_name(function).partition(":")
    except InputError:
        return False
    module = sys.modules.get(module_name)
    found: object = module
    for name in path.split("."):
        found = getattr(found, name, None)
    ours = getattr(module, "__spec__", None)
    if found is not function or ours is None:
        return False
    fresh = _search(module_name)
    return fresh is not None and fresh.origin is not None and fresh.origin == ours.origin


def _search(name: str) -> ModuleSpec | None:
    """Return where a host would find a module, which is not imported, nor are its parents."""
    spec, path, above = None, None, ""
    for part in name.split("."):
        above = f"{above}.{part}".lstrip(".")
        spec = _find(above, path)
        if spec is None:
            return None
        path = spec.submodule_search_locations
    return spec


def _find(name: str, path: Sequence[str] | None) -> ModuleSpec | None:
    if path is None and name not in sys.builtin_module_names:
        # A host has the current folder in front, as `python -m` does; pytest need not have it.
        spec = PathFinder.find_spec(name, [str(Path.cwd())])
        if spec is not None and spec.origin is not None:
            return spec
    for finder in sys.meta_path:
        spec = finder.find_spec(name, path)
        if spec is not None:
            return spec
    return None
