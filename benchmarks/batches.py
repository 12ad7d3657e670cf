"""Batches of calls of one worker or of a crew, watched by the state sampler or not."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fixed_work import fixed_work

from gilbench._native import caller, layout, presence, sampler
from gilbench.machine.run_queue import run_queue_ns

if TYPE_CHECKING:
    from collections.abc import Callable

MANY_BATCH_NS = 100_000_000
BUSY = 0.02


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What one worker's batch took, and how much of it the thread stood in the run queue."""

    began_ns: int
    ended_ns: int
    queued_ns: int


def batch(function: Callable[[], object], calls: int, period_ns: int | None, seed: int) -> Batch:
    """Make `calls` calls, watched every `period_ns`; not watched where it is null."""
    page = presence.create()
    watching = None
    if period_ns is not None:
        watching = sampler.start(page, layout.locate(), period_ns, seed)
    queued_before, began_ns = run_queue_ns(), time.perf_counter_ns()
    caller.repeat(function, page, calls, 0)
    ended_ns, queued_after = time.perf_counter_ns(), run_queue_ns()
    if watching is not None:
        sampler.stop(watching)
    queued_ns = (queued_after or 0) - (queued_before or 0)
    return Batch(began_ns=began_ns, ended_ns=ended_ns, queued_ns=queued_ns)


def span_ns(batches: list[Batch]) -> int:
    """From the first worker's start to the last one's end."""
    return max(each.ended_ns for each in batches) - min(each.began_ns for each in batches)


def quiet(batches: list[Batch]) -> bool:
    """Whether no worker stood in the run queue for long."""
    return all(each.queued_ns <= BUSY * span_ns(batches) for each in batches)


class Crew:
    """Threads, as many as cores, that do the same fixed work at the same time; the first is the
    one that is watched.
    """

    def __init__(self, workers: int, grain_ns: int) -> None:
        self._calls = MANY_BATCH_NS // grain_ns
        self._begin = threading.Barrier(workers + 1)
        self._end = threading.Barrier(workers + 1)
        self._period_ns: int | None = None
        self._seed = 0
        self._done: list[Batch] = []
        self._goes_on = True
        self._threads = [
            threading.Thread(target=self._work, args=(number, grain_ns))
            for number in range(workers)
        ]
        for thread in self._threads:
            thread.start()

    def run(self, period_ns: int | None, seed: int) -> list[Batch]:
        """Return what each worker's batch took."""
        self._period_ns, self._seed, self._done = period_ns, seed, []
        self._begin.wait()
        self._end.wait()
        return self._done

    def close(self) -> None:
        """End the threads."""
        self._goes_on = False
        self._begin.wait()
        for thread in self._threads:
            thread.join()

    def _work(self, number: int, grain_ns: int) -> None:
        function = fixed_work(grain_ns, 0.0)
        while True:
            self._begin.wait()
            if not self._goes_on:
                return
            period_ns = self._period_ns if number == 0 else None
            self._done.append(batch(function, self._calls, period_ns, self._seed))
            self._end.wait()
