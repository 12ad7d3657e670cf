"""Functions of known behaviour, which a check watches beside its target.

An instrument that does not find these as they are cannot be believed about anything else.
"""

from __future__ import annotations

from functools import partial
from itertools import repeat
from typing import TYPE_CHECKING, Final

from gilbench._native import truth
from gilbench._native.clock import now_ns
from gilbench.evidence import Subject

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["control"]

_TURNS_TO_CALIBRATE: Final = 20_000
_TRIES: Final = 3


def control(subject: Subject, call_ns: float) -> Callable[[], object]:
    """Return a function without arguments whose calls last `call_ns`, about.

    `HOLD` burns attached all along, `RELEASE` detached, and `PYTHON` is a loop of bytecode. Raises
    ValueError for the target, which is no control.
    """
    span_ns = max(1, round(call_ns))
    match subject:
        case Subject.HOLD:
            return partial(truth.burn, truth.create(), span_ns, 0, 1)
        case Subject.RELEASE:
            return partial(truth.burn, truth.create(), 0, span_ns, 1)
        case Subject.PYTHON:
            return partial(_loop, max(1, round(span_ns / _ns_per_turn())))
        case _:
            raise ValueError(f"{subject} is no control")


def _loop(turns: int) -> None:
    for _ in repeat(None, turns):
        pass


def _ns_per_turn() -> float:
    best = float("inf")
    for _ in range(_TRIES):
        start = now_ns()
        _loop(_TURNS_TO_CALIBRATE)
        best = min(best, (now_ns() - start) / _TURNS_TO_CALIBRATE)
    return max(best, 0.1)
