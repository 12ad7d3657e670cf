"""What other tools tell of the held share of the same calls, and what they cost the process that
they watch, beside the state sampler.

A process burns in its main thread, in calls of a known held share that stamp themselves (error), or
does fixed work of that share (slowdown: its time with the tool over its time without, just before
and just after). Each tool watches it in turn, in one run, for the same time. The peers:

- py-spy (`py-spy record --gil`, on the PATH): samples whose thread has the GIL, over all looks;
- `profiling.sampling attach --mode=gil` (Python 3.15): the same;
- gilknocker (importable): its `contention_metric`, which its users take for a share;
- a heartbeat: a Python thread that sleeps for 1 ms, and how late it wakes up over how long it was,
  less what it is late where nobody holds.

What cannot run is listed with the reason. py-spy and `profiling.sampling` need the right to read
another process: run as root, or allow it.
"""

from __future__ import annotations

import argparse
import platform
import sys
from pathlib import Path

# What this shares with the scripts beside the folder.
sys.path.append(str(Path(__file__).resolve().parents[1]))

from comparison import compare
from tables import show_cases, show_tools
from target import Target
from watched import serve


def main() -> int:
    parser = argparse.ArgumentParser(prog="observer_peers", description=__doc__)
    parser.add_argument("--seconds", type=int, default=1, help="how long each watch lasts")
    parser.add_argument("--repeats", type=int, default=3, help="comparisons of fixed work")
    parser.add_argument("--target", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.target:
        serve()
        return 0
    target = Target()
    try:
        records = compare(target, arguments.seconds, arguments.repeats)
    finally:
        target.close()
    gil = getattr(sys, "_is_gil_enabled", lambda: True)()
    print(
        f"Python {platform.python_version()}, GIL {'on' if gil else 'off'}: one thread that burns,"
        f" each tool for {arguments.seconds} s a case"
    )
    show_cases([record for record in records if record.cases])
    return 1 if show_tools(records) else 0


if __name__ == "__main__":
    sys.exit(main())
