"""How much the state sampler slows the calls that it watches: the same fixed work with it, over the
mean of without it just before and just after; the median of such ratios with its 95 % interval.

One worker while a core is idle, by the period that `check` uses by default; and as many workers as
cores, by its sparing one, until the last of them is done. A ratio is left out where other work ran:
where a worker stood in the run queue for more than 2 % of the time without the sampler (with it,
that may be the sampler's doing), or where the core beside one worker was not idle. Where the system
does not tell these, none is left out.
"""

from __future__ import annotations

import argparse
import mmap
import os
import platform
import random
import statistics
import sys
import threading
import time
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

from gilbench import durations, machine
from gilbench._native import caller, gate, layout, meter, presence, sampler, spin, work
from gilbench.machine.files import REAL_ROOT, first_line
from gilbench.machine.run_queue import run_queue_ns
from gilbench.stats import bootstrap_interval

if TYPE_CHECKING:
    from collections.abc import Callable

PERIOD_NS = 125_000
SPARING_PERIOD_NS = 1_000_000
GRAINS_NS = (1_000, 10_000, 100_000, 1_000_000)
SHARES = (0.0, 0.5, 1.0)
BATCH_NS = 25_000_000
MANY_BATCH_NS = 100_000_000
BOUND = 1.01
MANY_BOUND = 1.05
BUSY = 0.02
# The sampler itself takes an eighth of a core while it is on, and the ticks are coarse.
IDLE = 0.75
FEWEST = 10
MOST_LEFT_OUT = 2
PAUSE_S = 0.05


def fixed_work(grain_ns: int, share: float) -> Callable[[], object]:
    """Return a function that holds for `share` of a fixed number of units and releases for the
    rest: `grain_ns` of work. To be made and called by the same thread.
    """
    place = gate.on(mmap.mmap(-1, max(mmap.PAGESIZE, gate.size())))
    gate.reset(place, 1, 1)
    # Its stamps are not read: it is there because the kernel's calls ask for one.
    stamps = meter.create(place, 0, 1)
    meter.start(stamps, 1_000_000_000)
    state = work.create(spin.kernel(), 8)
    units = max(1, round(grain_ns / ns_per_unit()))
    held = round(units * share)
    return partial(work.mix, state, stamps, held, units - held)


@cache
def ns_per_unit() -> float:
    """How long one unit of `spin` takes, in nanoseconds: the best of several tries."""
    state = work.create(spin.kernel(), 8)
    units, best = 1_000_000, float("inf")
    for _ in range(9):
        began_ns = time.perf_counter_ns()
        work.run(state, units)
        best = min(best, (time.perf_counter_ns() - began_ns) / units)
    return best


@dataclass(frozen=True, kw_only=True)
class Ratios:
    """The time with the sampler over the time without; and how many do not count."""

    values: list[float]
    left_out: int


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


def one_worker(grain_ns: int, share: float, times: int, draw: random.Random) -> Ratios:
    """Compare the batches of one worker."""
    function = fixed_work(grain_ns, share)
    calls = BATCH_NS // grain_ns
    return compare(
        lambda watched: [
            batch(function, calls, PERIOD_NS if watched else None, draw.getrandbits(32))
        ],
        times,
        idle_cores=1,
    )


def all_cores(workers: int, grain_ns: int, times: int, draw: random.Random) -> Ratios:
    """Compare the batches of as many workers as cores."""
    crew = Crew(workers, grain_ns)
    try:
        return compare(
            lambda watched: crew.run(SPARING_PERIOD_NS if watched else None, draw.getrandbits(32)),
            times,
            idle_cores=0,
        )
    finally:
        crew.close()


def compare(run: Callable[[bool], list[Batch]], times: int, idle_cores: int) -> Ratios:
    """Have batches run watched or not, in turn, after one that does not count."""
    values: list[float] = []
    left_out = 0
    run(False)
    while len(values) < times and left_out < MOST_LEFT_OUT * times:
        began_ns, idle_before = time.perf_counter_ns(), idle_ns()
        before, watched, after = run(False), run(True), run(False)
        idle_after, ended_ns = idle_ns(), time.perf_counter_ns()
        wanted_ns = IDLE * idle_cores * (ended_ns - began_ns)
        beside_idle = idle_before is None or (idle_after or 0) - idle_before >= wanted_ns
        if beside_idle and quiet(before) and quiet(after):
            values.append(2 * span_ns(watched) / (span_ns(before) + span_ns(after)))
        else:
            left_out += 1
            time.sleep(PAUSE_S)
    return Ratios(values=values, left_out=left_out)


def idle_ns() -> int | None:
    """How long all cores together have been idle, in nanoseconds, to a tick of some 10 ms; null
    where the system does not tell (proc(5), /proc/stat).
    """
    fields = (first_line(REAL_ROOT, "/proc/stat") or b"").split()
    return int(fields[4]) * (1_000_000_000 // os.sysconf("SC_CLK_TCK")) if fields else None


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


def row(name: str, grain_ns: int, ratios: Ratios, bound: float) -> bool:
    """Print one line. Return whether the bound is kept."""
    start = f"{name:24} {durations.format(grain_ns):>7}"
    values = ratios.values
    if len(values) < FEWEST:
        print(f"{start}  other work ran: {len(values)} ratios count, {FEWEST} are needed  MISSED")
        return False
    middle = statistics.median(values)
    low, high = bootstrap_interval(values, range(len(values)), 0)
    good = middle <= bound
    print(
        f"{start}  {middle:.3f}  {low:.3f} to {high:.3f}   {bound:.2f}  {len(values):5}"
        f"  {ratios.left_out:8}{'' if good else '  MISSED'}"
    )
    return good


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--times", type=int, default=60, help="ratios of each case that are to count"
    )
    times = parser.parse_args().times
    draw = random.Random(0)
    cores = machine.cores()
    print(f"Python {platform.python_version()}, {cores} cores: time with the sampler over without")
    print("case                       grain  ratio  95 % interval    bound  count  left out")
    missed = 0
    if cores > 1:
        for share in SHARES:
            for grain_ns in GRAINS_NS:
                ratios = one_worker(grain_ns, share, times, draw)
                missed += not row(f"1 worker, held {share:.0%}", grain_ns, ratios, BOUND)
    else:
        print("1 worker: not measured, no core is idle beside it")
    for grain_ns in GRAINS_NS:
        ratios = all_cores(cores, grain_ns, times // 2, draw)
        missed += not row(f"{cores} workers, held 0%", grain_ns, ratios, MANY_BOUND)
    print(f"{missed} missed" if missed else "all within bounds")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
