"""What a reader must know of the figures: what is in them, and what was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench.studies.comparison.creation.course import CREATIONS
from gilbench.studies.comparison.ways import joined

if TYPE_CHECKING:
    from gilbench.studies.comparison.creation.ledger import Ledger

__all__ = ["notes"]

_TIMED: Final = (
    "A further worker, with all that its way needs loaded before. start returns when the system has"
    " the worker, which may still be loading; join waits for that too, and for its end."
)
_POOL: Final = (
    "A pool: the executors of concurrent.futures with one worker, a task after the result of the"
    " last."
)
_CORE: Final = (
    "Threads and subinterpreters have their tasks on one core, where a system can keep them there:"
    " to wake another one takes as long as such a task does, and comes as the scheduler decides."
)
_IMPORTS: Final = (
    "Threads share what is imported: a further one finds it there. The others import it each."
)


def notes(ledger: Ledger) -> tuple[str, ...]:
    """Return the notes, of what was measured."""
    if not any(trial.name == "cycle" for trial in ledger.trials):
        return ()
    told = [_TIMED, _POOL, _CORE]
    if ledger.plan.imports:
        told.append(_IMPORTS)
    fewer = ledger.fewer(CREATIONS)
    if fewer:
        told.append(
            f"Growth: for want of time it was seen over fewer creations, {joined(fewer)},"
            f" and is told as if it went on like that to {CREATIONS}."
        )
    return tuple(told)
