"""What is derived from the records of a check, and can always be computed again from them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gilbench.evidence.plan import Target
from gilbench.evidence.records import Instrument
from gilbench.model import Environment, Estimate, Stop

__all__ = ["CheckFindings", "Controls", "Scaling", "SizeFinding", "Threshold", "Verdict"]


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
