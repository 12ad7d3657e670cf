"""Default runs in a row: every bite must be where the physics puts it, or not be stated.

With `--beside-burner` a process burns a core meanwhile: then nothing wrong may be said, and the
GIL wait of the holding threads must come out as it does in quiet runs.
"""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import gilbench

if TYPE_CHECKING:
    from collections.abc import Iterator

HOLD_BITE = (0.42, 0.55)
RELEASE_BITE = 0.12
SEPARATE_BITE = 0.15
LOADED_GIL_WAIT = 0.06


def burn() -> None:
    """Burn a core until killed."""
    while True:
        pass


@contextmanager
def burner(wanted: bool) -> Iterator[None]:
    """Have a process burn a core meanwhile."""
    if not wanted:
        yield
        return
    process = multiprocessing.get_context("spawn").Process(target=burn, daemon=True)
    process.start()
    try:
        yield
    finally:
        process.kill()
        process.join()


def wrong(case: gilbench.CaseFinding, *, gil: bool) -> str | None:
    """What a case states that cannot be, at two workers."""
    if case.bite is None or case.workload == "triad":
        return None
    bite = case.bite.value
    if case.backend == "threads" and case.mode == "hold" and gil:
        good = HOLD_BITE[0] <= bite <= HOLD_BITE[1]
    elif case.backend == "threads":
        good = bite < RELEASE_BITE or case.workload == "objects"
    else:
        good = bite < SEPARATE_BITE
    return None if good else f"{case.workload} {case.mode} on {case.backend}: bite {bite:.1%}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--beside-burner", action="store_true")
    options = parser.parse_args()
    bites: dict[str, list[float]] = {}
    waits: list[float] = []
    queues: list[float] = []
    wrongs: list[str] = []
    inconclusive = stated = 0
    with burner(options.beside_burner):
        for number in range(options.runs):
            started = time.monotonic()
            findings = gilbench.run()
            took = time.monotonic() - started
            gil = findings.environment.gil_enabled
            told = 0
            for case in findings.cases:
                if case.workers != 2 or case.status == "unavailable":
                    continue
                name = f"{case.workload} {case.mode} {case.backend}"
                if case.bite is not None:
                    bites.setdefault(name, []).append(case.bite.value)
                stated += case.status == "ok"
                told += case.status != "ok"
                inconclusive += case.status != "ok"
                problem = wrong(case, gil=gil)
                if problem is not None:
                    wrongs.append(f"run {number + 1}: {problem}")
                if name == "spin hold threads" and case.losses is not None:
                    waits.append(case.losses.gil_wait or 0.0)
                    queues.append(case.losses.run_queue or 0.0)
            stop = findings.stop
            rounds = "no stop" if stop is None else f"{stop.rounds} rounds, {stop.reason}"
            print(f"run {number + 1}: {took:.1f} s, {rounds}, {told} cases not stated", flush=True)
            print(f"  {findings.headline}", flush=True)
    print("\nbite at 2 workers: least, median, most, runs that state it")
    for name, values in bites.items():
        low, middle, high = min(values), statistics.median(values), max(values)
        print(f"{name:28} {low:+7.1%} {middle:+7.1%} {high:+7.1%}  {len(values)}/{options.runs}")
    print(
        f"GIL wait of spin on holding threads: {min(waits):.1%} to {max(waits):.1%}, median"
        f" {statistics.median(waits):.1%}; run queue median {statistics.median(queues):.1%}"
    )
    print(f"cases not stated: {inconclusive} of {inconclusive + stated}")
    print("\n".join(wrongs) or "nothing wrong was stated")
    return 1 if wrongs else 0


if __name__ == "__main__":
    sys.exit(main())
