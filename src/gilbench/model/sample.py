"""What a host measured, raw: one case once, as each of its workers read it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gilbench.model.plan import Case

__all__ = ["Reading", "Rejection", "Sample"]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What one worker of a sample read of itself, natively, around its work. Times in nanoseconds.

    `start_skew_ns`: from the opening of the gate until this worker saw it.
    `wall_ns`: from the opening until the window's end, or until this worker finished fixed work.
    `cpu_ns`, `run_queue_ns`: within `wall_ns`, null where the platform does not tell.
    `gil_wait_ns`: waits to attach, by stamps; null for work that cannot be stamped.
    `gil_wait_bound`: true when the CPU time inside the waits could not be taken off, so that
    `gil_wait_ns` is an upper bound.
    `longest_wait_ns`: the longest time between two pieces of work (from the gate to the first, and
    from the last to the end of the window, included), whole: what kept this worker from its work
    in one go. 0 where none was long enough for a wait; null for work that cannot be stamped, and
    in files from before it was read. A native thread, which attaches to nothing, tells what the
    system alone takes.
    """

    worker: int
    units: float
    calls: int
    start_skew_ns: int
    wall_ns: int
    cpu_ns: int | None
    run_queue_ns: int | None
    gil_wait_ns: int | None
    gil_wait_bound: bool
    checksum: int
    longest_wait_ns: int | None = None


class Rejection(StrEnum):
    """Why a sample does not count."""

    RUN_QUEUE = "run queue"
    STEAL = "steal"
    CONTROL = "control"


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One case measured once. `elapsed_ns` is the window, or (fixed work, `window` false) from the
    gate's opening to the last finish. `steal_ticks` is null where the platform does not tell.
    `gil_enabled` is how the host found the GIL after the sample. `processors` are those that a
    lone worker visited in turn, or that several were kept on; none where the scheduler decided.
    `shares_the_gil` is what the backend says of its workers; null in files that are older than
    backends of other distributions.
    """

    case: Case
    round: int
    host: int
    window: bool
    elapsed_ns: int
    readings: tuple[Reading, ...]
    steal_ticks: int | None
    rejection: Rejection | None
    gil_enabled: bool | None = None
    processors: tuple[int, ...] = ()
    shares_the_gil: bool | None = None
