"""The GIL wait of `mix` on two threads, as the loss budget books it, beside the known truth.

With a hold share h on N threads the GIL wait share is max(0, 1 - 1 / (N * h)) for grains of 1 ms
and more. Below that the handoff itself counts, and the truth is the blocked time: what is neither
CPU nor run queue.
"""

from __future__ import annotations

import argparse
import sys

import gilbench
from gilbench import durations

WORKERS = 2
SHARES = (0.10, 0.25, 0.50, 0.75, 0.90)
COARSE = ("1ms", "10ms")
FINE = ("10us", "100us")


def truth(share: float) -> float:
    """The GIL wait share by the formula."""
    return max(0.0, 1 - 1 / (WORKERS * share))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--budget", default="90s")
    budget = parser.parse_args().budget
    names = [f"mix:share={share},grain={grain}" for grain in (*FINE, *COARSE) for share in SHARES]
    findings = gilbench.run(names, backends=["threads"], workers=[WORKERS], budget=budget)
    print(f"Python {findings.environment.python}, {WORKERS} threads, shares of the workers' time")
    print("grain    held  GIL wait   truth  off by  bound  unexplained  samples")
    missed = 0
    for case in findings.cases:
        if case.backend != "threads":
            continue
        losses = case.losses
        if losses is None or losses.gil_wait is None or losses.unexplained is None:
            print(f"{case.workload}: {case.status}, {case.reason}")
            missed += 1
            continue
        share = float(case.workload.partition("=")[2])
        grain = durations.format(case.grain_ns)
        coarse = case.grain_ns >= 1_000_000
        expected = truth(share) if coarse else losses.gil_wait + losses.unexplained
        bound = 0.06 if coarse and share == 0.5 else 0.03
        off = losses.gil_wait - expected
        good = abs(off) <= bound and abs(losses.unexplained) <= 0.05
        missed += not good
        print(
            f"{grain:>7}  {share:4.0%}    {losses.gil_wait:6.1%}  {expected:6.1%}  {off:+6.1%}"
            f"  {bound:5.0%}       {losses.unexplained:+6.1%}  {case.samples - case.rejected}"
            f"/{case.samples}{'' if good else '  MISSED'}"
        )
    print(f"{missed} of {len(names)} missed" if missed else f"all {len(names)} within bounds")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
