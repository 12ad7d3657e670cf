"""What was seen of calls of one function, as it was measured."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

__all__ = [
    "LET_IN_PARTS",
    "LOCATABLE_NS",
    "Block",
    "Instrument",
    "Observation",
    "ShutOut",
    "Subject",
    "Timing",
]


class Subject(StrEnum):
    """Who is called: the target, or a control of the same duration that burns and holds, that
    burns and releases, or that is a loop in Python.
    """

    TARGET = "target"
    HOLD = "hold"
    RELEASE = "release"
    PYTHON = "python"


class Instrument(StrEnum):
    """What told the held share."""

    SAMPLER = "state sampler"
    PROBE = "request probe"


@dataclass(frozen=True, kw_only=True)
class Timing:
    """What calls cost without an observer. `call_ns` is the median of `calls`, `longest_ns` the
    longest.

    `cpu_share`: CPU time of the whole process over the time inside the calls, so 1 for one core
    kept busy, 0 for a sleeper, more for work on threads of its own; `children_share` that of
    processes that it started and waited for. The GIL, on a free-threaded build: was it on before
    the target was imported and set up (`gil_before`), and after it was called (`gil_after`)? `size`
    is null without sizes.
    """

    size: int | None
    calls: int
    call_ns: float
    longest_ns: int
    cpu_share: float
    gil_before: bool
    gil_after: bool
    children_share: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Block:
    """Consecutive calls that the sampler looked into `samples` times, and found holding `held`
    times; `detaches` times at least a call let go in between.
    """

    calls: int
    samples: int
    held: int
    detaches: int


@dataclass(frozen=True, kw_only=True)
class Observation:
    """Calls of one subject under an instrument.

    `inside_ns` is the time within the calls. Of the state sampler: `blocks`. Of the request probe:
    `asked` requests that came while a call was running, and how many of them were `kept_waiting`.
    """

    size: int | None
    round: int
    subject: Subject
    instrument: Instrument
    calls: int
    inside_ns: int
    blocks: tuple[Block, ...]
    asked: int
    kept_waiting: int


LOCATABLE_NS: Final = 10_000
"""Of calls of this length and longer it can be seen where they let others in; shorter ones shut out
nobody for long.
"""

LET_IN_PARTS: Final = 20
"""So many counts `ShutOut.let_in` has, or none."""


@dataclass(frozen=True, kw_only=True)
class ShutOut:
    """A batch of calls without a pause, at a switch interval of 1 us, while another thread asks for
    the GIL again and again (on a free-threaded build: for a moment when all threads stand still).

    `waits` of them reached into the batch, and `granted` both began and were granted within: none
    where every call holds throughout. Of each wait counts what lay within. `longest_wait_ns` is the
    longest. `typical_wait_ns`: half of all waiting was in waits at least this long, so that one
    late wake-up does not count; 0 without any. `queued_ns`: how long the thread that asks stood in
    the scheduler's run queue, where nobody sees what it asks for. `let_in`: how often calls let
    another in, in each twentieth of a call's own time, from its beginning to its end. It is empty
    of calls that are shorter than `LOCATABLE_NS` or wait more than they work, where the system does
    not tell, and in files from before it was looked at.
    """

    size: int | None
    round: int
    subject: Subject
    calls: int
    batch_ns: int
    longest_call_ns: int
    waits: int
    granted: int
    typical_wait_ns: int
    longest_wait_ns: int
    queued_ns: int = 0
    let_in: tuple[int, ...] = ()
