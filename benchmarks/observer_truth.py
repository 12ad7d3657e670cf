"""The held share that the state sampler tells of one worker's calls, as `check` uses it, beside the
stamped truth: what of the time inside the calls was not released.

A watch during which other work ran is repeated a few times, and the quietest one counts: where the
thread stood in the run queue for more than 2 % of the time, or the sampler had no core to itself.
"""

from __future__ import annotations

import argparse
import platform
import random
import statistics
import sys
import time
from dataclasses import dataclass
from functools import partial

from idle import idle_ns

from gilbench import durations, machine
from gilbench._native import truth
from gilbench.evidence import Instrument, Subject
from gilbench.machine.run_queue import run_queue_ns
from gilbench.observer.passes import observed
from gilbench.observer.sampling import why_not
from gilbench.studies.check.held import held_share

GRAINS_NS = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
SHARES = (0.0, 0.10, 0.25, 0.50, 0.75, 0.90, 1.0)
SPAN_NS = 300_000_000
BOUND = 0.02
# Below 10 us: who takes and drops the GIL holds it a little longer than the stamps can tell.
SHORT_BOUND = 0.06
SHORT_NS = 10_000
BUSY = 0.02
# Of the core beside the worker: the sampler itself takes a quarter of it, at most.
IDLE = 0.6
TRIES = 5


@dataclass(frozen=True, kw_only=True)
class Watch:
    """One watch: what it was off by, and the share of the time that the thread stood in the run
    queue plus that for which no core was idle, beyond what the sampler itself takes.
    """

    off: float
    disturbed: float


def watch(grain_ns: int, share: float, seed: int) -> Watch:
    """Have calls watched that hold for `share` of `grain_ns`. What the system does not tell of
    disturbances is taken for nil.
    """
    tally = truth.create()
    hold_ns = round(grain_ns * share)
    function = partial(truth.burn, tally, hold_ns, grain_ns - hold_ns, 1)
    began_ns, idle_before, queued_before = time.perf_counter_ns(), idle_ns(), run_queue_ns()
    seen = observed(
        function,
        size=None,
        round=0,
        subject=Subject.TARGET,
        calls=0,
        span_ns=SPAN_NS,
        sparing=False,
        seed=seed,
    )
    queued_after, idle_after, ended_ns = run_queue_ns(), idle_ns(), time.perf_counter_ns()
    told = held_share([seen], grain_ns, seed)
    if told is None or seen.instrument is not Instrument.SAMPLER:
        raise SystemExit(f"{seen.instrument}: nothing was told of calls of {grain_ns} ns")
    _, released_ns = truth.tally(tally)
    queued_ns = (queued_after or 0) - (queued_before or 0)
    disturbed = queued_ns / (ended_ns - began_ns)
    if idle_before is not None and idle_after is not None and machine.cores() > 1:
        disturbed += max(0.0, IDLE - (idle_after - idle_before) / (ended_ns - began_ns))
    return Watch(off=told.value - (1 - released_ns / seen.inside_ns), disturbed=disturbed)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="watches of each cell")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    reason = why_not()
    if reason is not None:
        print(f"the state sampler cannot be believed here: {reason}")
        return 1
    cells = [(grain_ns, share) for grain_ns in GRAINS_NS for share in SHARES]
    kept: dict[tuple[int, float], list[Watch]] = {cell: [] for cell in cells}
    draw = random.Random(arguments.seed)
    repeated = 0
    for _ in range(arguments.rounds):
        for cell in draw.sample(cells, len(cells)):
            tries = [watch(*cell, seed=draw.getrandbits(32))]
            while tries[-1].disturbed > BUSY and len(tries) < TRIES:
                tries.append(watch(*cell, seed=draw.getrandbits(32)))
            repeated += len(tries) - 1
            kept[cell].append(min(tries, key=lambda each: each.disturbed))

    print(
        f"Python {platform.python_version()}, one worker: held share told minus truth, in points:"
        f"\nthe median of {arguments.rounds} watches of {durations.format(SPAN_NS)}, and the worst"
    )
    print("  grain  " + "".join(f"held {share:4.0%}    " for share in SHARES) + "bound")
    missed = busy = 0
    for grain_ns in GRAINS_NS:
        bound = SHORT_BOUND if grain_ns < SHORT_NS else BOUND
        row = f"{durations.format(grain_ns):>7}  "
        for share in SHARES:
            watches = kept[grain_ns, share]
            off = statistics.median(each.off for each in watches)
            worst = max((each.off for each in watches), key=abs)
            good = abs(off) <= bound
            crowded = any(each.disturbed > BUSY for each in watches)
            missed += not good
            busy += crowded
            mark = ("" if good else "!") + ("~" if crowded else "")
            row += f"{off * 100:+5.1f} {worst * 100:+5.1f}{mark:2} "
        print(f"{row}  {bound:.0%}")
    print(
        f"{repeated} watches were repeated, because other work ran beside one; {busy} cells (~) had"
        f" a watch without a quiet one in {TRIES} tries"
    )
    print(f"{missed} of {len(cells)} missed (!)" if missed else f"all {len(cells)} within bounds")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
