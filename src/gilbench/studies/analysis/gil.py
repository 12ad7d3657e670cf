"""Whose workers share a GIL, and which queueing for a core is really waiting for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench.model import Mode
from gilbench.studies.analysis.words import kernel

if TYPE_CHECKING:
    from gilbench.model import Sample
    from gilbench.studies.analysis.totals import Totals

__all__ = ["queued_behind_gil_ns", "shares_gil", "takes_turns"]

# Each worker of these has a GIL of its own, or none: for samples that do not tell.
_OWN_GIL: Final = frozenset(
    {"serial", "native", "processes", "fork", "forkserver", "spawn", "interpreters"}
)


def shares_gil(sample: Sample, *, gil_enabled: bool) -> bool:
    """Return whether a worker of `sample` can find the GIL held by another worker."""
    shares = sample.shares_the_gil
    if shares is None:
        shares = sample.case.backend not in _OWN_GIL
    return gil_enabled and sample.case.workers > 1 and shares


def takes_turns(sample: Sample, *, gil_enabled: bool) -> bool:
    """Return whether at most one worker of `sample` can run at a time, since none ever detaches.

    Of a user's function nobody knows whether it detaches.
    """
    return (
        shares_gil(sample, gil_enabled=gil_enabled)
        and sample.case.mode is Mode.HOLD
        and kernel(sample.case.workload) is not None
    )


def queued_behind_gil_ns(totals: Totals) -> int:
    """Return how long workers that take turns queued for a core while another of them ran.

    That one held the GIL: with a core of their own they would have waited all the same. It happens
    where cores are short: a waiter wakes every switch interval, to ask for the GIL, and queues
    behind the very thread that holds it. Only as long as no worker ran at all did the queue cost
    one of them its turn.
    """
    if totals.cpu_ns is None or totals.queued_ns is None:
        return 0
    nobody_ran_ns = max(0, totals.worker_ns // totals.workers - totals.cpu_ns)
    return max(0, totals.queued_ns - nobody_ran_ns)
