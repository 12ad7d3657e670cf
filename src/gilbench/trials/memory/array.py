"""An array that a worker needs: one of its own, and one in shared memory."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from gilbench.comparison import Way
from gilbench.trials import ways
from gilbench.trials.blocks import shared_block, shared_left
from gilbench.trials.memory.employee import Employee, LabourError
from gilbench.trials.memory.reading import own, why_no_pss
from gilbench.trials.memory.room import SMALLEST, fitting
from gilbench.trials.tried import Tried, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.shared_memory import SharedMemory

__all__ = ["array", "attach"]

# The parent's, the block, and the worker's.
_COPIES = 3


def array(way: Way, bytes: int) -> Tried:
    """Return how much a worker grows that reads an array of so many bytes, in bytes.

    `plain_uss_bytes`: it has the array as this way lets it have one, the thread by reference, the
    fork from its parent, the others a copy. `shared_uss_bytes`: it attaches the same array in a
    block of `shared_memory`; where that cannot be had, the words say why.
    """
    shared = shared_left()
    # Where that is next to nothing, an array of one's own is had nevertheless.
    bytes, short = fitting(bytes, _COPIES, shared if shared and shared >= SMALLEST else None)
    words = {} if short is None else {"short": short}
    filled = b"\1" * bytes
    inherits = way in {Way.THREAD, Way.FORK}
    with Employee(way, {"array": filled} if inherits else {}) as worker:
        plain = _growth(way, worker, lambda: worker.ask("take", None if inherits else bytes))
    figures = {"bytes": bytes, "plain_uss_bytes": plain}
    try:
        figures["shared_uss_bytes"] = _growth_in_block(way, filled)
    except UnavailableError as error:
        words["no_block"] = str(error)
    return Tried(figures={name: (value,) for name, value in figures.items()}, words=words)


def attach(way: Way, worker: Employee, name: str) -> None:
    """Let a worker attach a block. Raises UnavailableError where a subinterpreter cannot."""
    if way is Way.INTERPRETER and sys.version_info < (3, 13):
        # Each interpreter would have a tracker, which would take the block away in the end.
        raise UnavailableError("shared_memory without tracking needs Python 3.13 or later")
    try:
        worker.ask("attach", name)
    except LabourError as error:
        if way is Way.INTERPRETER:
            raise UnavailableError(str(error)) from error
        raise


def _growth_in_block(way: Way, filled: bytes) -> int:
    with shared_block(len(filled)) as block, Employee(way) as worker:
        _buffer(block)[:] = filled
        grown = _growth(way, worker, lambda: attach(way, worker, block.name))
        worker.ask("detach")
    return grown


def _growth(way: Way, worker: Employee, deed: Callable[[], object]) -> int:
    """Return how much a worker's own memory grows by what it does."""
    before = _own_part(way, worker)
    deed()
    return _own_part(way, worker) - before


def _own_part(way: Way, worker: Employee) -> int:
    # In this process a block that is mapped twice counts as shared, by two: in all, in full.
    part = worker.memory().uss if way in ways.PROCESS_WAYS else own().pss
    if part is None:
        raise UnavailableError(why_no_pss())
    return part


def _buffer(block: SharedMemory) -> memoryview:
    buffer = block.buf
    assert buffer is not None  # It is, once closed.
    return buffer
