"""What a worker does in a race, and what the owner of a total does who is sent its updates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gilbench._native import clock, gate, meter
from gilbench.machine.processors import pinnable
from gilbench.trials.races.forms import MESSAGE
from gilbench.trials.races.lanes import WORKERS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gilbench.trials.races.forms import Update
    from gilbench.trials.races.lanes import Lane, Lanes

__all__ = ["END", "PATIENCE_S", "SECONDS_TO_RECEIVE", "Entry", "Race", "count", "run"]

END: Final = 0
"""What is sent after the last update; those are no zeros."""

PATIENCE_S: Final = 20.0
"""How long one waits for the others."""
SECONDS_TO_RECEIVE: Final = 1
"""How long the owner waits for an update, before it looks whether the workers are still there.

Queues between interpreters know whole seconds only.
"""

# Between two looks at the clock: both together cost less than a nanosecond an update.
_BATCH: Final = 500


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What a worker is told: its number, the form raced in each lane, and for how long.

    `apart`: each worker is kept on a processor of its own, where there are two. Workers that live
    for moments may happen to share one, and then race only where one of them is stopped.
    """

    worker: int
    forms: tuple[str, ...]
    span_ns: int
    apart: bool


@dataclass(frozen=True, kw_only=True)
class Race:
    """What came of a race: updates made, those that the total kept, and how long all of it took."""

    form: str
    made: int
    kept: int
    elapsed_ns: int


def run(
    lanes: Lanes, entry: Entry, updates: Sequence[Update], send: Callable[[int], object]
) -> None:
    """Update in one form after the other, and send an end where updates are sent.

    Raises OSError where the other worker does not come.
    """
    processors = pinnable() if entry.apart else ()
    seat = (processors[entry.worker % len(processors)],) if processors else ()
    try:
        for lane, form, update in zip(lanes, entry.forms, updates, strict=True):
            _run(lane, entry, update, seat)
            if form == MESSAGE:
                send(END)
    except BaseException:
        lanes.abort()
        raise


def count(receive: Callable[[], int]) -> tuple[int, int]:
    """Return how many updates were received until all workers had sent their end, and when."""
    kept = ended = 0
    while ended < WORKERS:
        received = receive()
        if received == END:
            ended += 1
        kept += received
    return kept, clock.now_ns()


def _run(lane: Lane, entry: Entry, update: Update, seat: tuple[int, ...]) -> None:
    # It is kept on its processor for as long as there is the meter.
    readings = meter.create(lane.gate, 0, entry.span_ns, seat)
    meter.start(readings, int(PATIENCE_S * 1e9))
    deadline = gate.opened_ns(lane.gate) + entry.span_ns
    tried = made = 0
    ended_ns = 0
    while ended_ns < deadline:
        made += update(range(tried, tried + _BATCH))
        tried += _BATCH
        ended_ns = clock.now_ns()
    lane.tell(entry.worker, made, ended_ns)
    del readings
