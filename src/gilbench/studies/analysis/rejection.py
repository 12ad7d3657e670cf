"""Which samples do not count: those in which the machine was not ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench.model import Rejection
from gilbench.studies.analysis.totals import total

if TYPE_CHECKING:
    from gilbench.model import Sample

__all__ = ["reject"]

# A core that other work takes costs two workers on two cores a third of their time. In trials 2 %
# parted such samples from quiet ones: of 735 runs, the better of up to two tries, none exceeded it.
_TOLERANCE: Final = 0.02

# With more workers than cores the end of a window finds some of them in the queue, and what they
# read then is off by up to a scheduler's slice: 3 ms of 25 ms, for half of them.
_CROWDED_TOLERANCE: Final = 0.05


def reject(sample: Sample, cores: int) -> Rejection | None:
    """Return why `sample` does not count on a machine with `cores` for us, or None if it counts.

    Workers may spend max(0, 1 - cores / workers) of their time in the run queue, which is all that
    they can where each has a core or waits for one of ours; beyond that, by a tolerance, somebody
    else ran. Stolen time looks like blocking, so no tick of it may fall into a sample. Where the
    platform does not tell the run queue, late starts are what is seen of it.
    """
    workers = sample.case.workers
    fair = max(0.0, 1 - cores / workers)
    tolerance = _CROWDED_TOLERANCE if workers > cores else _TOLERANCE
    if total(sample).queued_at_least > fair + tolerance:
        return Rejection.RUN_QUEUE
    if sample.steal_ticks:
        return Rejection.STEAL
    return None
