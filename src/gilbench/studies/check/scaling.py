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

__all__ = [
    "FEWEST_ROUNDS",
    "STARTS_PROCESSES",
    "Parallel",
    "parallel",
    "scaling_of",
    "threads_failed",
]

FEWEST_ROUNDS: Final = 2
STARTS_PROCESSES: Final = 0.1
"""Of a call's time, the share in which processes that it started were at work, from which on it is
one that starts processes and waits for them: it queues behind its own, and is blocked by them.
"""

_SERIAL: Final = "serial"
_THREADS: Final = "threads"

# One call that keeps more than a core busy has workers of its own.
_OWN_THREADS: Final = 1.25
# Two threads that one lock lets in one at a time are blocked for half of their time, less its way
# from hand to hand.
_BLOCKED: Final = 0.25
# It is a lesser part of it where they wake each other all the time, which their speed shows too.
_OFTEN_BLOCKED: Final = 0.15
_NOT_BLOCKED: Final = 0.03
_FASTER: Final = 1.4
_NO_FASTER: Final = 1.3
_PROCESSES_FASTER: Final = 1.5
# Below, two threads that detach meet at the GIL so often that what blocks them is nobody's lock.
_SHORTEST_CALL_NS: Final = 20_000
# What a host, or a worker at the gate, says that waited in vain.
_TOOK_TOO_LONG: Final = ("no sign of life", "did not come to the gate")


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


def threads_failed(failures: Sequence[Failure]) -> str | None:
    """Return why two threads at once did not work where one did; null where none failed.

    Those that took too long may have waited for one another: what they come to was not seen.
    """
    failed = {failure.case.backend: failure.reason for failure in failures}
    reason = None if _SERIAL in failed else failed.get(_THREADS)
    return None if reason is None or any(said in reason for said in _TOOK_TOO_LONG) else reason


def parallel(
    samples: Sequence[Sample],
    failures: Sequence[Failure],
    scaling: Scaling,
    timing: Timing,
    cores: int,
) -> Parallel:
    """Return whether two threads are no faster than one although they detach, and why.

    What blocks them is asked before whether they are a little faster: other work on the machine
    takes a core, but blocks nobody.
    """
    if scaling.threads is not None and scaling.threads.low >= _FASTER:
        return Parallel(serial=False, reason=None)
    why = (
        _own_threads(scaling, timing, cores)
        or _own_lock(samples, scaling, timing)
        or _slower(scaling, timing)
    )
    if why is not None:
        return Parallel(serial=True, reason=why)
    if _side_by_side(samples, scaling, timing):
        return Parallel(serial=False, reason=None)
    if scaling.threads is None:
        unseen = _unseen(samples, failures)
        return Parallel(serial=None, reason=f"how two threads do was not seen: {unseen}")
    return Parallel(
        serial=None,
        reason="two threads are hardly faster than one, and neither two processes nor what blocks"
        " the threads tells why",
    )


def _own_threads(scaling: Scaling, timing: Timing, cores: int) -> str | None:
    if timing.cpu_share < _OWN_THREADS:
        return None
    # Where two threads were not seen, it is the cores that have no room for two.
    threads = scaling.threads
    apart = 2 * timing.cpu_share <= cores if threads is None else threads.value >= _FASTER
    if apart:
        return None
    return f"its own worker threads: one call keeps {timing.cpu_share:.1f} cores busy"


def _own_lock(samples: Sequence[Sample], scaling: Scaling, timing: Timing) -> str | None:
    if timing.children_share > STARTS_PROCESSES:
        # What it waits for is a process of its own, which waits for a core where others run.
        return None
    blocked = _blocked_more(samples)
    no_faster = scaling.threads is not None and scaling.threads.high < _NO_FASTER
    least = _OFTEN_BLOCKED if no_faster else _BLOCKED
    if blocked is None or blocked < least or timing.call_ns < _SHORTEST_CALL_NS:
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
    not blocked then says nothing. Nor does it of one that waits anyway, for what it sleeps for or
    for its turn: there two must be faster, if in one round alone.
    """
    if scaling.threads is not None and scaling.threads.value >= _FASTER:
        return True
    kept = [each for each in samples if each.rejection is None]
    blocked = _blocked_more(kept)
    if blocked is None or timing.call_ns < _SHORTEST_CALL_NS:
        return blocked is not None
    if median(_blocked(kept, _SERIAL)) >= _BLOCKED:
        return scaling.threads is None and _faster(kept)
    return blocked <= _NOT_BLOCKED


def _faster(samples: Sequence[Sample]) -> bool:
    base = [*_throughputs(samples, _SERIAL).values()]
    many = [*_throughputs(samples, _THREADS).values()]
    return bool(base and many) and median(many) >= _FASTER * median(base)


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


def _unseen(samples: Sequence[Sample], failures: Sequence[Failure]) -> str:
    """Return why it was not seen how two threads do beside one."""
    failed = (each.reason for each in failures if each.case.backend in {_SERIAL, _THREADS})
    return next(failed, None) or _rejected(samples) or "nobody asked"


def _rejected(samples: Sequence[Sample]) -> str | None:
    rejected = [sample for sample in samples if sample.rejection is not None]
    if not samples:
        return None
    if rejected:
        return f"other work took the cores in {len(rejected)} of {len(samples)} samples"
    rounds = len({sample.round for sample in samples})
    return "one round is too few" if rounds == 1 else f"{rounds} rounds are too few"
