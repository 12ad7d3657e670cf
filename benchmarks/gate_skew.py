"""How far apart two workers start, by kind of worker: the time from the gate's opening until each
saw it, the later one.
"""

from __future__ import annotations

import statistics
import sys

import gilbench

BOUND_NS = 1000
SAMPLES = 100


def main() -> int:
    plan = gilbench.plan(
        ["spin"],
        backends=["threads", "processes"],
        modes=["release"],
        workers=[2],
        budget="30s",
        precision=0.001,
    )
    skews: dict[str, list[int]] = {}
    for record in gilbench.measure(plan):
        if not isinstance(record, gilbench.Sample) or record.case.workers != 2 or record.rejection:
            continue
        latest = max(reading.start_skew_ns for reading in record.readings)
        skews.setdefault(record.case.backend, []).append(latest)
        if min(map(len, skews.values())) >= SAMPLES and len(skews) == 3:
            break
    print(f"Python {gilbench.environment().python}: start skew of 2 workers, nanoseconds")
    print("backend    median     p95  samples  bound")
    missed = 0
    for backend, values in sorted(skews.items()):
        middle = statistics.median(values)
        high = sorted(values)[int(0.95 * len(values))]
        missed += middle >= BOUND_NS
        print(f"{backend:10} {middle:6.0f}  {high:6.0f}  {len(values):7}  {BOUND_NS:5}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
