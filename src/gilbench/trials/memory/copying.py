"""What a fork shares of its parent's objects, and what it un-shares: copy-on-write."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Final

from gilbench.trials.memory.employee import Employee
from gilbench.trials.memory.reading import own, why_no_pss
from gilbench.trials.memory.room import fitting
from gilbench.trials.tried import Tried, UnavailableError

if TYPE_CHECKING:
    from gilbench.comparison import Way

__all__ = ["copying"]

# A list of a float and a text, and its place in the list of all: about so much with CPython.
_BYTES_OF_AN_OBJECT: Final = 216
# For `memory_left`: the objects, and a copy of them in a worker at a time.
_COPIES: Final = 2


def copying(way: Way, bytes: int) -> Tried:
    """Return what of about so many bytes of objects a worker un-shares that was forked from here.

    Figures in bytes: the objects; the unshared memory of a worker forked before there were any;
    and that of workers forked after it: at their `start`, after they `collect` (a full garbage
    collection) or `walk` all objects; and the same after this process froze them with `gc.freeze`.
    """
    bytes, short = fitting(bytes, _COPIES)
    gc.collect()
    figures = {"base_uss_bytes": _unshared(way, [], None)[0]}
    before = _own_uss()
    objects = [
        [float(number), f"object {number:8}"] for number in range(bytes // _BYTES_OF_AN_OBJECT)
    ]
    figures["objects_bytes"] = _own_uss() - before
    for frozen in (False, True):
        gc.collect()
        if frozen:
            gc.freeze()
        try:
            for deed in ("collect", "walk"):
                start, after = _unshared(way, objects, deed)
                suffix = "_frozen_uss_bytes" if frozen else "_uss_bytes"
                figures[f"{deed}_start{suffix}"] = start
                figures[f"{deed}{suffix}"] = after
        finally:
            gc.unfreeze()
    return Tried(
        figures={name: (value,) for name, value in figures.items()},
        words={} if short is None else {"short": short},
    )


def _unshared(way: Way, objects: list[list[object]], deed: str | None) -> tuple[int, int]:
    """Return what a worker has to itself, at its start and after it did that."""
    with Employee(way, {"objects": objects}) as worker:
        start = worker.memory().uss
        if deed is not None:
            worker.ask(deed)
        after = worker.memory().uss
    if start is None or after is None:
        raise UnavailableError(why_no_pss())
    return start, after


def _own_uss() -> int:
    uss = own().uss
    if uss is None:
        raise UnavailableError(why_no_pss())
    return uss
