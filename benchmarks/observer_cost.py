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
import platform
import random
import statistics
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from batches import Crew, batch, quiet, span_ns
from fixed_work import fixed_work
from idle import IDLE, idle_ns

from gilbench import durations, machine
from gilbench.stats import bootstrap_interval

if TYPE_CHECKING:
    from collections.abc import Callable

    from batches import Batch

PERIOD_NS = 125_000
SPARING_PERIOD_NS = 1_000_000
GRAINS_NS = (1_000, 10_000, 100_000, 1_000_000)
SHARES = (0.0, 0.5, 1.0)
BATCH_NS = 25_000_000
BOUND = 1.01
MANY_BOUND = 1.05
FEWEST = 10
MOST_LEFT_OUT = 2
PAUSE_S = 0.05


@dataclass(frozen=True, kw_only=True)
class Ratios:
    """The time with the sampler over the time without; and how many do not count."""

    values: list[float]
    left_out: int


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
