"""What a reader must know of the figures: what a trip is, and what was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench.comparison import Way
from gilbench.studies.comparison.communication.verdict import HOW
from gilbench.studies.comparison.communication.words import payload

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gilbench.studies.comparison.communication.paces import Paces

__all__ = ["notes"]

_TRIP: Final = (
    "A round trip: a payload goes to another worker, which sends it back. Payloads are bytes, or"
    " arrays."
)
_STREAM: Final = (
    "One way, a worker that waited for none took them one after another; where a round trip took"
    " many milliseconds, half of that is taken for each."
)
# By the most cores that the two sides were kept on.
_PLACES: Final[Mapping[int, str]] = {
    2: (
        "Each worker was kept on a core of its own, or both on one. A system that may choose does"
        " the one today and the other tomorrow; large payloads were tried on two cores only."
    ),
    1: "Both workers were kept on the one core that there is.",
    0: "The two workers may have been on one core or on two: this system does not let them choose.",
}
_NEW: Final = (
    "Small payloads went through new channels, each used for some 20 ms. On two cores they may take"
    " half as long again through one that is used for longer: cores sleep more deeply by then."
)
_POLLED: Final = (
    "Queue.get of concurrent.interpreters looks for a payload every 10 ms. `polled` looks all the"
    " time, which keeps a core busy."
)
_PRIVATE: Final = (
    "Before Python 3.14 queues of interpreters are private, and cannot wait: they are looked into"
    " all the time, which keeps a core busy."
)


def notes(paces: Paces) -> tuple[str, ...]:
    """Return the notes, of what was measured."""
    return tuple(_notes(paces)) if paces.channels else ()


def _notes(paces: Paces) -> list[str]:
    told = [_TRIP, _STREAM, _PLACES[paces.cores[0]], HOW]
    process = next((each.way for each in paces.channels if each.name == "pipe"), None)
    if process is not None:
        told.append(
            f"Processes were started by {process}; a queue's also otherwise. How a process was"
            " started makes no difference to what goes through a channel afterwards."
        )
    if process is Way.FORK and not paces.plan.quick:
        told.append(_NEW)
    names = {channel.name for channel in paces.channels}
    if "interpreter-queue" in names:
        told.append(_POLLED)
    elif "interpreter-queue-polled" in names:
        told.append(_PRIVATE)
    if arrays := paces.arrays():
        told.append(f"Arrays: {arrays}.")
    if paces.plan.quick:
        told.append(f"Quick: no payload is larger than {payload(paces.sizes[-1])}.")
    by_reason: dict[str, list[str]] = {}
    for label, reason in paces.left_out().items():
        by_reason.setdefault(reason, []).append(label)
    for reason, labels in by_reason.items():
        size, _, why = reason.partition(": ")
        told.append(f"Payloads from {size} on were left out of {', '.join(labels)}: {why}.")
    return told
