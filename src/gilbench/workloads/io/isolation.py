"""Modules that an interpreter with a GIL of its own cannot have yet."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any, Final

__all__ = ["require_isolated"]

# The private modules of the versions before there is a public one.
_PRIVATE: Final = {(3, 12): "_xxsubinterpreters", (3, 13): "_interpreters"}


def require_isolated(what: str, since: tuple[int, int] = (3, 13)) -> None:
    """Return where `what` can be used by several interpreters, which it can `since` a version.

    Raises ImportError in a subinterpreter of an earlier one. In 3.12 a second one that loads
    `datetime` or `ssl` corrupts the memory of all (https://github.com/python/cpython/issues/110415),
    in 3.13 one that loads `ctypes` did so whenever it was tried (3.13.0: killed by SIGSEGV, or by
    the allocator).
    """
    version = sys.version_info[:2]
    if version >= since or version not in _PRIVATE:
        return
    interpreters: Any = import_module(_PRIVATE[version])
    # A number in 3.12, a number and whose it is in 3.13.
    if interpreters.get_current() != interpreters.get_main():
        needed = ".".join(map(str, since))
        raise ImportError(
            f"{what} in a subinterpreter needs Python {needed} or later:"
            f" {version[0]}.{version[1]} crashes with several"
        )
