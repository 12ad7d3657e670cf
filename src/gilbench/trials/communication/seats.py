"""On which processors the two sides of a channel are kept.

Left to the system, they share a core in one trial and have two in the next, and what they take
differs several times over.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gilbench.machine import pinnable
from gilbench.trials.tried import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Seats", "kept_on", "seats"]


@dataclass(frozen=True, kw_only=True)
class Seats:
    """The processor of who asks, and that of the peer; null for any."""

    here: int | None
    there: int | None


def seats(cores: int) -> Seats:
    """Return seats on one core or on two, or any where `cores` is 0. Raises UnavailableError."""
    if cores == 0:
        return Seats(here=None, there=None)
    processors = pinnable()
    if len(processors) < cores:
        raise UnavailableError(f"threads cannot be kept on {cores} processors here")
    return Seats(here=processors[0], there=processors[cores - 1])


@contextmanager
def kept_on(processor: int | None) -> Iterator[None]:
    """Keep this thread on a processor until the end of the block; null for any.

    What it starts meanwhile stays there for good.
    """
    if processor is None:
        yield
        return
    before = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {processor})
        yield
    finally:
        os.sched_setaffinity(0, before)
