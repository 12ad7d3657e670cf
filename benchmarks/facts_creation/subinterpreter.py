"""A subinterpreter, as anyone would make it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def make_subinterpreter() -> tuple[Callable[[str], object], Callable[[], None]]:
    """Return what executes a source in a new one, and what closes it."""
    if sys.version_info >= (3, 14):
        from concurrent import interpreters

        made = interpreters.create()
        return made.exec, made.close
    if sys.version_info >= (3, 13):
        import _interpreters

        number = _interpreters.create("isolated")
        return (
            lambda text: _interpreters.exec(number, text),
            lambda: _interpreters.destroy(number),
        )
    import _xxsubinterpreters  # type: ignore[import-not-found]

    number = _xxsubinterpreters.create(isolated=True)
    return (
        lambda text: _xxsubinterpreters.run_string(number, text),
        lambda: _xxsubinterpreters.destroy(number),
    )
