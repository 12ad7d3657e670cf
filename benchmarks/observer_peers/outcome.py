"""What came of one watch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from idle import IDLE

if TYPE_CHECKING:
    from collections.abc import Callable

BUSY = 0.02
TRIES = 3


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of one watch: `rate` in calls a nanosecond, `queued` as the share of its time that
    the burning thread stood in the run queue, `idle` as how many cores were.
    """

    told: float | None
    truth: float
    rate: float
    queued: float
    idle: float

    @property
    def alone(self) -> bool:
        """Whether, with nobody watching, nothing else ran."""
        return self.queued <= BUSY and self.idle >= IDLE


def rate(marks: list[list[int]], ended_ns: int, seconds: int) -> float:
    """Return the calls a nanosecond. Who watches from outside starts and reads symbols first: of
    its time counts what surely is watching, the middle of the last `seconds` before its end.
    """
    if ended_ns:
        first_ns, last_ns = ended_ns - 0.85e9 * seconds, ended_ns - 0.15e9 * seconds
        marks = [mark for mark in marks if first_ns <= mark[0] <= last_ns]
    (began_ns, before), (end_ns, calls) = marks[0], marks[-1]
    return (calls - before) / (end_ns - began_ns)


def quietest(attempt: Callable[[], Outcome]) -> Outcome:
    """Return the first attempt that had a core to itself, or the one nearest to it."""
    tries = [attempt()]
    while tries[-1].queued > BUSY and len(tries) < TRIES:
        tries.append(attempt())
    return min(tries, key=lambda each: each.queued)
