"""Measures two functions of one's own: does hashing scale on threads, and for which blocks?

CPython's hashlib releases the GIL for blocks of 2048 bytes and more, and holds it for smaller ones.
Run as `python examples/custom_kernel.py --workers 2 --budget 20s`.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import gilbench

SMALL, LARGE = bytes(1024), bytes(2**20)


def small_blocks() -> None:
    """Hash a mebibyte in blocks that are too small for hashlib to release the GIL."""
    digest = hashlib.sha256()
    for _ in range(len(LARGE) // len(SMALL)):
        digest.update(SMALL)


def large_block() -> None:
    """Hash a mebibyte at once."""
    hashlib.sha256(LARGE)


def main() -> None:
    """Measure both, and say what the GIL takes from each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--budget", default="20s", help="the time to measure in, at most")
    asked = parser.parse_args()
    # Workers import functions by name, from a module: here it is this very file, which is why
    # what runs as a script stands below `if __name__ == "__main__"`.
    module = Path(__file__).stem
    findings = gilbench.run(
        [f"{module}:{function.__name__}" for function in (small_blocks, large_block)],
        backends=["threads", "processes"],
        workers=[asked.workers],
        budget=asked.budget,
    )
    for case in findings.cases:
        if case.backend == "threads":
            speedup = "unknown" if case.speedup is None else f"{case.speedup.value:.2f}"
            wait = case.losses.gil_wait if case.losses else None
            waited = "unknown" if wait is None else f"{wait:.0%}"
            print(f"{case.workload}: speedup {speedup}, waiting for the GIL {waited}")
            if case.reason is not None:
                print(f"  {case.status}: {case.reason}")
    print(findings.headline)


if __name__ == "__main__":
    main()
