"""Is it one memory? What one worker writes, looked for by the others."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

from gilbench.trials.blocks import shared_block
from gilbench.trials.memory.array import attach
from gilbench.trials.memory.employee import Employee
from gilbench.trials.memory.labour import Labour
from gilbench.trials.tried import Tried, UnavailableError

if TYPE_CHECKING:
    from gilbench.comparison import Way

__all__ = ["sight"]

_NOTES: Final = range(1, 9)


def sight(way: Way) -> Tried:
    """Return how many notes one worker wrote, and how many of them were seen, and by whom.

    First to a global variable: seen by another worker, and by this one that started both. Then to
    shared memory, `block_seen` by the other; where that cannot be had, the words say why.
    """
    figures = dict.fromkeys(("notes", "worker_seen", "parent_seen"), 0.0)
    words: dict[str, str] = {}
    with ExitStack() as stack:
        mine = Labour({})
        writer, reader = (stack.enter_context(Employee(way)) for _ in range(2))
        for note in _NOTES:
            writer.ask("write", note)
            figures["notes"] += 1
            figures["worker_seen"] += reader.ask("look") == note
            figures["parent_seen"] += mine.look() == note
        writer.ask("erase")
        try:
            figures["block_seen"] = _seen_in_block(way, writer, reader)
        except UnavailableError as error:
            words["no_block"] = str(error)
    return Tried(figures={name: (value,) for name, value in figures.items()}, words=words)


def _seen_in_block(way: Way, writer: Employee, reader: Employee) -> int:
    seen = 0
    with shared_block(1) as block:
        attach(way, writer, block.name)
        attach(way, reader, block.name)
        for note in _NOTES:
            writer.ask("write_in_block", note)
            seen += reader.ask("look_in_block") == note
        writer.ask("detach")
        reader.ask("detach")
    return seen
