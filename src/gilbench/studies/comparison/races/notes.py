"""What a reader must know of the figures: how they came about, and why updates are lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench.comparison import Way
from gilbench.studies.comparison.races.forms import CELL, OF_MEMORY, OF_THREADS
from gilbench.studies.comparison.races.tables import losing_form

if TYPE_CHECKING:
    from gilbench.studies.comparison.races.tally import Tally

__all__ = ["notes"]

_NO_PROOF: Final = (
    "Lost is what two workers made and the total does not have. That none was lost in so many"
    " updates is no proof of safety: it was not seen to happen."
)
_WHY_NOT: Final = (
    "From Python 3.10 on, a thread looks whether another one wants the GIL where a loop turns,"
    " where a Python function begins and after some calls, not between the read and the write of"
    " `x += 1`: on an int, that loop loses nothing, by the way the interpreter happens to work."
)
_WHY: Final = (
    "What calls something in between may be stopped there: `x += one()` reads x first; `x = int(x)"
    " + 1` calls; a property and an __add__ are functions. Then the thread writes what it had read,"
    " and all that the other one did in its turn, some 5 ms, is lost."
)
_CHECK: Final = (
    "Of check-then-act the updates are the objects made: where both workers found none and made"
    " one, the second replaces the first, which is lost. That is one at a time."
)
_FREE: Final = (
    "Without a GIL both threads read and write at once. A list and a dict have locks of their own,"
    " which last for one operation, not from a read to a write."
)
_INTERPRETERS: Final = (
    "Subinterpreters share no object: each would count its own x. Here they map one file; from"
    " Python 3.14 on they can be handed a memoryview too. A threading.Lock cannot be handed over:"
    " what they take is the named semaphore that a multiprocessing.Lock is."
)
_COST: Final = (
    "The time of an update is that of the race over all updates made, by two workers who contend;"
    " of those that are sent, until their owner has added them up. They are sent through a"
    " queue.SimpleQueue, a multiprocessing.Pipe with a lock, or a queue of concurrent.interpreters."
)
_QUICK: Final = "Quick: threads were not raced with the short switch interval too."


def notes(tally: Tally) -> tuple[str, ...]:
    """Return the notes on what was raced."""
    gil = tally.gil()
    told = [
        f"In the table, threads write {OF_THREADS[losing_form(tally, Way.THREAD)]}; the others,"
        f" {OF_MEMORY[CELL]}.",
        _NO_PROOF,
    ]
    if gil is not None:
        told += [_WHY_NOT, _WHY, _CHECK] if gil else [_FREE, _CHECK]
    if tally.count(Way.INTERPRETER, OF_MEMORY).made:
        told.append(_INTERPRETERS)
    told.append(_COST)
    if tally.plan.quick and gil:
        told.append(_QUICK)
    return tuple(told)
