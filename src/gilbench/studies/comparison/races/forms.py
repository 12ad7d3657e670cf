"""The forms of an update that are raced, and how they are written for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench.comparison import Way

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "APPEND",
    "ATOMIC",
    "CALLING",
    "CELL",
    "CHECK",
    "LOCK",
    "MESSAGE",
    "OF_MEMORY",
    "OF_THREADS",
    "PLAIN",
    "SAFE",
    "forms_of",
    "unsafe_of",
]

APPEND: Final = "append"
CELL: Final = "cell"
CHECK: Final = "check"
LOCK: Final = "lock"
ATOMIC: Final = "atomic"
MESSAGE: Final = "message"

PLAIN: Final = ("global", "attribute", "item", "array")
"""`x += 1` on an int, wherever it is kept."""
CALLING: Final = ("call", "convert", "property", "number")
"""Something that may be stopped is called between the read and the write."""
SAFE: Final = (LOCK, ATOMIC, MESSAGE)
"""What is to lose nothing."""

OF_THREADS: Final[Mapping[str, str]] = {
    "global": "x += 1, a global int",
    "attribute": "box.x += 1, an attribute",
    "item": "items['x'] += 1, a dict item",
    "array": "cells[0] += 1, an array cell",
    APPEND: "found.append(1), a list",
    CHECK: "if key not in made: made[key] = make()",
    "call": "x += one(), a Python function",
    "convert": "x = int(x) + 1",
    "property": "account.x += 1, a property",
    "number": "x += 1, an object with __add__",
    LOCK: "with lock: x += 1",
    ATOMIC: "an atomic in native code",
    MESSAGE: "a message to the owner",
}
OF_MEMORY: Final[Mapping[str, str]] = {
    CELL: "cell[0] += 1, memory that each maps",
    "view": "view[0] += 1, a memoryview handed over",
    "raw": "raw.value += 1, a RawValue",
    "value": "value.value += 1, a Value",
    LOCK: "with lock: cell[0] += 1",
    ATOMIC: "an atomic in native code",
    MESSAGE: "a message to the owner",
}

_NOT_OF_PROCESSES: Final = {"view"}
_NOT_OF_INTERPRETERS: Final = {"raw", "value"}


def forms_of(way: Way) -> Sequence[str]:
    """Return the forms that workers of a way race in."""
    match way:
        case Way.THREAD:
            return tuple(OF_THREADS)
        case Way.INTERPRETER:
            return tuple(form for form in OF_MEMORY if form not in _NOT_OF_INTERPRETERS)
        case _:
            return tuple(form for form in OF_MEMORY if form not in _NOT_OF_PROCESSES)


def unsafe_of(way: Way) -> str:
    """Return the form that the cost of the safe ones is compared with."""
    return PLAIN[0] if way is Way.THREAD else CELL
