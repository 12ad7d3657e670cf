"""Which samples do not count: those in which the machine was not ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench.model import Rejection
from gilbench.studies.analysis.gil import queued_behind_gil_ns, takes_turns
from gilbench.studies.analysis.totals import total
from gilbench.studies.analysis.words import kernel
from gilbench.workloads.io import IO

if TYPE_CHECKING:
    from gilbench.model import Sample

__all__ = ["reject", "run_queue_seen"]

# A core that other work takes costs two workers on two cores a third of their time. In trials 2 %
# parted such samples from quiet ones: of 735 runs, the better of up to two tries, none exceeded it.
_TOLERANCE: Final = 0.02

# With more workers than cores the end of a window finds some of them in the queue, and what they
# read then is off by up to a scheduler's slice: 3 ms of 25 ms, for half of them.
_CROWDED_TOLERANCE: Final = 0.05

# Whoever answers (a server, the system's own threads) needs a core too, and each time that it does,
# a worker wakes up and queues for one. On two quiet cores two workers that synced files queued for
# 18 % of their time; beside work that takes a core it was a third and more.
_IO_TOLERANCE: Final = 0.25


def reject(sample: Sample, cores: int) -> Rejection | None:
    """Return why `sample` does not count on a machine with `cores` for us, or None if it counts.

    Workers may spend max(0, 1 - cores / workers) of their time in the run queue, which is all that
    they can where each has a core or waits for one of ours; beyond that, by a tolerance, somebody
    else ran. What workers that take turns at the GIL queued behind one another is no loss. Stolen
    time looks like blocking, so no tick of it may fall into a sample. Where the platform does not
    tell the run queue, late starts are what is seen of it.
    """
    workers = sample.case.workers
    fair = max(0.0, 1 - cores / workers)
    tolerance = _CROWDED_TOLERANCE if workers > cores else _TOLERANCE
    if kernel(sample.case.workload) in IO:
        tolerance = _IO_TOLERANCE
    if run_queue_seen(sample) > fair + tolerance:
        return Rejection.RUN_QUEUE
    if sample.steal_ticks:
        return Rejection.STEAL
    return None


def run_queue_seen(sample: Sample) -> float:
    """Return the share of the workers' time that they lost in the run queue, as far as it shows."""
    totals = total(sample)
    queued_ns = totals.late_ns + (totals.run_queue_ns or 0)
    if takes_turns(sample, gil_enabled=bool(sample.gil_enabled)):
        queued_ns -= queued_behind_gil_ns(totals)
    return queued_ns / totals.worker_ns
