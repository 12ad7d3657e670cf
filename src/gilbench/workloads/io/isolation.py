"""Modules of the standard library that an interpreter with a GIL of its own cannot have yet."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

__all__ = ["require_isolated"]


def require_isolated(what: str) -> None:
    """Return where `what`, which imports `datetime` or `ssl`, can be used by several interpreters.

    Raises ImportError in a subinterpreter of Python 3.12: a second one that loads either corrupts
    the memory of all (https://github.com/python/cpython/issues/110415).
    """
    if sys.version_info[:2] != (3, 12):
        return
    interpreters: Any = import_module("_xxsubinterpreters")
    if interpreters.get_current() != interpreters.get_main():
        raise ImportError(
            f"{what} in a subinterpreter needs Python 3.13 or later: 3.12 crashes with several"
        )
