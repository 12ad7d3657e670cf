"""What a reader must know of the figures: how they were got, and what was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from gilbench.studies.comparison.memory.account import Account

__all__ = ["notes"]

_SLOPE: Final = (
    "A further worker: the slope of a line through the memory of 1 to {workers} workers that are"
    " alive together. That of threads and subinterpreters is by how much their process grows."
)
_SHARED: Final = (
    "PSS is of the workers, their parent and what serves it. Pages of the interpreter itself are"
    " in it, which further workers share with other programs."
)


def notes(account: Account) -> tuple[str, ...]:
    """Return the notes, of what was measured."""
    if not any(trial.name == "cost" for trial in account.trials):
        return ()
    told = [_SLOPE.format(workers=account.plan.workers), _SHARED]
    told += dict.fromkeys(
        f"{trial.way or trial.name}, {trial.name}: {said}."
        for word in ("short", "alone")
        for trial, said in account.words(word)
    )
    if account.plan.quick:
        told.append("Quick: arrays are tried with forked and spawned processes only.")
    return tuple(told)
