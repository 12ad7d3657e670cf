"""How two workers do beside one, and whether two threads stand in each other's way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gilbench.evidence import Scaling
from gilbench.model import Estimate, Rejection
from gilbench.stats import bootstrap_interval, median
from gilbench.studies.analysis.totals import total
from gilbench.studies.analysis.words import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gilbench.evidence import Timing
    from gilbench.model import Failure, Sample

__all__ = ["FEWEST_ROUNDS", "Parallel", "parallel", "scaling_of"]

FEWEST_ROUNDS: Final = 2
_SERIAL: Final = "serial"
_THREADS: Final = "threads"

# One call that keeps more than a core busy has workers of its own.
_OWN_THREADS: Final = 1.25
# Two threads that one lock lets in one at a time are blocked for half of their time, less its way
# from hand to hand.
_BLOCKED: Final = 0.25
_NOT_BLOCKED: Final = 0.03
_FASTER: Final = 1.4
_NO_FASTER: Final = 1.3
_PROCESSES_FASTER: Final = 1.5
# Below, two threads that detach meet at the GIL so often that what blocks them is nobody's lock.
_SHORTEST_CALL_NS: Final = 20_000


@dataclass(frozen=True, kw_only=True)
class Parallel:
    """Whether two threads of a function that detaches are `serial` all the same, with the reason.

    Null where that was not seen; then the reason says why not.
    """

    serial: bool | None
    reason: str | None


def scaling_of(samples: Sequence[Sample], failures: Sequence[Failure], seed: int) -> Scaling:
    """Return the speedups of two threads and of two processes over one worker, within rounds."""
    threads = _speedup(samples, _THREADS, seed)
    backends = {sample.case.backend for sample in samples} - {_SERIAL, _THREADS}
    processes = next((found for name in backends if (found := _speedup(samples, name, seed))), None)
    reason = failures[0].reason if failures else None
    if reason is None and (threads is None or processes is None):
        reason = _rejected(samples)
    return Scaling(threads=threads, processes=processes, reason=reason)


def parallel(samples: Sequence[Sample], scaling: Scaling, timing: Timing) -> Parallel:
    """Return whether two threads are no faster than one although they detach, and why.

    What blocks them is asked before how fast they are: other work on the machine takes a core, but
    blocks nobody.
    """
    why = _own_threads(scaling, timing) or _own_lock(samples, timing) or _slower(scaling, timing)
    if why is not None:
        return Parallel(serial=True, reason=why)
    if _side_by_side(samples, scaling, timing):
        return Parallel(serial=False, reason=None)
    if scaling.threads is None and scaling.reason is not None:
        return Parallel(serial=None, reason=f"how two threads do was not seen: {scaling.reason}")
    return Parallel(
        serial=None,
        reason="two threads are hardly faster than one, and neither two processes nor what blocks"
        " the threads tells why",
    )


def _own_threads(scaling: Scaling, timing: Timing) -> str | None:
    faster = scaling.threads is not None and scaling.threads.value >= _FASTER
    if timing.cpu_share < _OWN_THREADS or faster:
        return None
    return f"its own worker threads: one call keeps {timing.cpu_share:.1f} cores busy"


def _own_lock(samples: Sequence[Sample], timing: Timing) -> str | None:
    blocked = _blocked_more(samples)
    if blocked is None or blocked < _BLOCKED or timing.call_ns < _SHORTEST_CALL_NS:
        return None
    return f"a lock of its own: two threads block each other for {percent(blocked)} of the time"


def _slower(scaling: Scaling, timing: Timing) -> str | None:
    threads, processes = scaling.threads, scaling.processes
    if threads is None or processes is None or timing.call_ns < _SHORTEST_CALL_NS:
        return None
    if threads.high >= _NO_FASTER or processes.low <= _PROCESSES_FASTER:
        return None
    return (
        f"two threads do the work of {threads.value:.2f}, two processes that of"
        f" {processes.value:.2f}"
    )


def _side_by_side(samples: Sequence[Sample], scaling: Scaling, timing: Timing) -> bool:
    """Return whether nothing keeps two threads apart: they are faster, or not blocked. Of short
    calls no more is asked.

    Threads that share one core, since others took the other, seldom meet at a lock: that they are
    not blocked then says nothing.
    """
    if scaling.threads is not None and scaling.threads.value >= _FASTER:
        return True
    blocked = _blocked_more([each for each in samples if each.rejection is None])
    return blocked is not None and (blocked <= _NOT_BLOCKED or timing.call_ns < _SHORTEST_CALL_NS)


def _speedup(samples: Sequence[Sample], backend: str, seed: int) -> Estimate | None:
    """Return the median of the ratios of rounds in which both samples count."""
    base = _throughputs(samples, _SERIAL)
    many = _throughputs(samples, backend)
    ratios = [many[round] / base[round] for round in sorted(many.keys() & base.keys())]
    if len(ratios) < FEWEST_ROUNDS:
        return None
    low, high = bootstrap_interval(ratios, range(len(ratios)), seed)
    return Estimate(value=median(ratios), low=low, high=high)


def _throughputs(samples: Sequence[Sample], backend: str) -> dict[int, float]:
    return {
        sample.round: total(sample).units / sample.elapsed_ns
        for sample in samples
        if sample.case.backend == backend and sample.rejection is None and total(sample).units > 0
    }


def _blocked_more(samples: Sequence[Sample]) -> float | None:
    """Return by what share of their time two threads are blocked beyond what one alone is."""
    alone, together = _blocked(samples, _SERIAL), _blocked(samples, _THREADS)
    if not alone or not together:
        return None
    return max(0.0, median(together) - median(alone))


def _blocked(samples: Sequence[Sample], backend: str) -> list[float]:
    shares = []
    for sample in samples:
        # Stolen time looks like blocking; a full run queue does not.
        if sample.case.backend != backend or sample.rejection is Rejection.STEAL:
            continue
        totals = total(sample)
        if totals.blocked_ns is None:
            return []
        shares.append(totals.blocked_ns / totals.worker_ns)
    return shares


def _rejected(samples: Sequence[Sample]) -> str | None:
    rejected = [sample for sample in samples if sample.rejection is not None]
    if not samples:
        return None
    if rejected:
        return f"other work took the cores in {len(rejected)} of {len(samples)} samples"
    return f"{len({sample.round for sample in samples})} rounds are too few"
