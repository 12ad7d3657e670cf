"""Compares two stored runs, such as those of two builds of Python on one machine.

Store one with each, then compare the files:
    python3.13 -m gilbench run spin python --output gil.jsonl
    python3.13t -m gilbench run spin python --output free.jsonl
    python examples/two_builds.py gil.jsonl free.jsonl
"""

from __future__ import annotations

import sys
from pathlib import Path

import gilbench


def cases_of(path: str) -> tuple[str, dict[str, gilbench.CaseFinding]]:
    """Return the build that a stored run is of, and its cases by what they are called."""
    findings = gilbench.findings(gilbench.load_run(Path(path)))
    environment = findings.environment
    build = f"{environment.python}{' free-threaded' if environment.free_threaded else ''}"
    return build, {
        f"{case.workload}, {case.workers} {case.backend}, {case.mode}": case
        for case in findings.cases
    }


def compare(first: gilbench.CaseFinding, second: gilbench.CaseFinding) -> str:
    """Return the throughput of the second over the first's, with the bounds that both allow.

    The runs were not taken in turn, so that nothing is paired: the bounds are the widest.
    """
    one, other = first.throughput, second.throughput
    if one is None or other is None:
        lacking = first if one is None else second
        return f"not known: {lacking.reason or lacking.status}"
    low, high = other.low / one.high, other.high / one.low
    verdict = "no difference shown" if low <= 1 <= high else "faster" if low > 1 else "slower"
    return f"x {other.value / one.value:.2f} [{low:.2f}, {high:.2f}]  {verdict}"


def main() -> None:
    """Print a line for each case that both runs have."""
    if len(sys.argv) != 3:
        sys.exit(f"usage: {Path(sys.argv[0]).name} FIRST.jsonl SECOND.jsonl")
    try:
        (first_build, first), (second_build, second) = map(cases_of, sys.argv[1:])
    except gilbench.InputError as error:
        sys.exit(f"two_builds: {error}")
    common = [name for name in first if name in second]
    if not common:
        sys.exit("two_builds: these runs have no case in common")
    print(f"The throughput of {second_build} over that of {first_build}:")
    width = max(map(len, common))
    for name in common:
        print(f"{name:{width}}  {compare(first[name], second[name])}")


if __name__ == "__main__":
    main()
