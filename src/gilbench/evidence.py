"""The frozen data of a check: what was asked, what was seen of one function, and the verdict.

Standard library only. Raw records (`Timing`, `Observation`, `ShutOut`, and the samples of the
scaling) and what is derived from them (`CheckFindings`) are different types, so that findings can
always be computed again from a stored check.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from gilbench.model import Environment, Estimate, Stop

__all__ = [
    "LET_IN_PARTS",
    "LOCATABLE_NS",
    "Block",
    "CheckFindings",
    "CheckPlan",
    "Controls",
    "Instrument",
    "Observation",
    "Scaling",
    "ShutOut",
    "SizeFinding",
    "Sizes",
    "Subject",
    "Target",
    "Threshold",
    "Timing",
    "Verdict",
]


class Verdict(StrEnum):
    """What one call does with the GIL; on a free-threaded build, whether its thread stays attached.

    `HOLDS`: another thread is shut out for the whole call. `HOLDS_SWITCHABLE`: held all along, but
    handed over every switch interval, as Python code does. `RELEASES_BUT_SERIAL`: it detaches, yet
    two threads are no faster than one.
    """

    HOLDS = "holds"
    HOLDS_SWITCHABLE = "holds-switchable"
    PARTIAL = "partial"
    RELEASES = "releases"
    RELEASES_BUT_SERIAL = "releases-but-serial"
    INCONCLUSIVE = "inconclusive"


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
class Target:
    """What is checked: a function without arguments as `module:function`, or a statement with its
    setup, in which `n` is the size. Exactly one of `function` and `statement` is there.
    """

    function: str | None = None
    statement: str | None = None
    setup: str = ""


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """The values of `n` from `first` to `last`, in powers of two between them."""

    first: int
    last: int


@dataclass(frozen=True, kw_only=True)
class CheckPlan:
    """One check. `timeout_ns` bounds a single call. `in_process`: the target ran in the process of
    who asked, not in a host.
    """

    target: Target
    sizes: Sizes | None
    budget_ns: int
    timeout_ns: int
    seed: int
    in_process: bool = False


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


@dataclass(frozen=True, kw_only=True)
class Scaling:
    """The speedup of two workers over one; null with the `reason` where it was not measured."""

    threads: Estimate | None
    processes: Estimate | None
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class Controls:
    """The held shares of the two controls; null where none was observed."""

    hold: Estimate | None
    release: Estimate | None


@dataclass(frozen=True, kw_only=True)
class SizeFinding:
    """What was found at one value of `n`. `threads` is the speedup of two threads over one."""

    size: int
    verdict: Verdict
    reason: str | None
    held_share: Estimate | None
    call_ns: float
    threads: Estimate | None


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """Where the behaviour changes: from `verdict_before`, up to `before`, to `verdict_after`, from
    `size` on. `sharp`: they are neighbours, so that `size` is exact; else it lies between them.

    `pays_from`: the smallest size looked at from which two threads are faster than one; null where
    none is. The first three are null where nothing changes.
    """

    before: int | None
    size: int | None
    verdict_before: Verdict | None
    verdict_after: Verdict | None
    sharp: bool
    pays_from: int | None


@dataclass(frozen=True, kw_only=True)
class CheckFindings:
    """What a check supports: one object, in Python and as JSON.

    `headline` is the verdict in a sentence, `advice` what to do about it. `longest_hold_ns`: how
    long a newcomer was shut out by one call, at most. `detaches_per_call` is a lower bound, null
    where the sampler cannot tell. `gil_reenabled`: importing or calling the target turned the GIL
    of a free-threaded build on; null on a build that always has it. `threshold` is null without
    sizes. `stop` is null for a stored check that was cut off.
    """

    schema_version: int
    environment: Environment
    target: Target
    verdict: Verdict
    reason: str | None
    held_share: Estimate | None
    longest_hold_ns: int | None
    detaches_per_call: float | None
    call_ns: float | None
    scaling: Scaling
    controls: Controls
    instrument: Instrument | None
    gil_reenabled: bool | None
    sizes: tuple[SizeFinding, ...]
    threshold: Threshold | None
    headline: str
    advice: str
    notes: tuple[str, ...]
    stop: Stop | None
