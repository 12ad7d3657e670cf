"""Where in a call others are let in, by how far the call has come when they are."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from gilbench._native import progress
from gilbench.evidence import LET_IN_PARTS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gilbench._native.progress import ProgressCapsule

__all__ = ["by_part", "telling"]

# What the native caller looks for on the functions that it calls.
_STAGE: Final = "__gilbench_stage__"
# To wake who waits takes from 1 us, where its core is awake, to some 15 us.
_MOST_TO_LET_IN_NS: Final = 20_000


def telling(progress_of_calls: ProgressCapsule, function: Callable[[], object]) -> partial[object]:
    """Return what calls `function`, and has its thread tell how far the call has come.

    No bytecode runs between the two.
    """
    calling = partial(progress.call, progress_of_calls, function)
    if isinstance(function, partial) and _STAGE in function.__dict__:
        setattr(calling, _STAGE, function.__dict__[_STAGE])
    return calling


def by_part(come: Sequence[tuple[int, int]], took: Sequence[int]) -> tuple[int, ...]:
    """Return how many calls had come how far when others were let in: one count for each twentieth
    of a call. Nothing where no call ended, or the system does not tell how far they come.

    `come`: how far, in CPU time, and which call that was. `took`: what each call took; one that is
    past the end of it is taken for as short as any.

    To let another in takes CPU time itself, some microseconds, which was had as well by the call
    that had come least: from there it is counted, unless it had come so far that it was not for
    that. What a call took may be longer by as much, but no call is shorter than the shortest.
    """
    least = min(took, default=0)
    if least <= 0:
        return ()
    counts = [0] * LET_IN_PARTS
    first = min((ns for ns, _ in come), default=0)
    if first > _MOST_TO_LET_IN_NS:
        first = 0
    for ns, call in come:
        known = took[call] if call < len(took) else least
        whole = max(least, known - _MOST_TO_LET_IN_NS)
        counts[min(LET_IN_PARTS - 1, (ns - first) * LET_IN_PARTS // whole)] += 1
    return tuple(counts)
