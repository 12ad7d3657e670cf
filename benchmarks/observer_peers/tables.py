"""What is printed: each tool's error in each case, and a line for each tool."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from comparison import GRAINS_NS, SHARES
from outcome import BUSY, TRIES
from tools import OURS

from gilbench import durations

if TYPE_CHECKING:
    from comparison import Record

# What a few ratios of fixed work can tell apart.
SLOWDOWN_MARGIN = 0.01


def show_cases(records: list[Record]) -> None:
    """Print what each told of each case."""
    names = [f"({place}) {record.tool.name}" for place, record in enumerate(records, 1)]
    print("held share minus truth, in points: " + ", ".join(names))
    heads = "".join(f"{f'({place})':>8}" for place in range(1, len(names) + 1))
    print(f"  grain   truth {heads}")
    busy = 0
    for grain_ns in GRAINS_NS:
        for share in SHARES:
            row = ""
            truths = []
            for record in records:
                outcome = record.cases.get((grain_ns, share))
                if outcome is None or outcome.told is None:
                    row += f"{'-':>8}"
                    continue
                truths.append(outcome.truth)
                mark = "~" if outcome.queued > BUSY else " "
                busy += outcome.queued > BUSY
                row += f"{(outcome.told - outcome.truth) * 100:+7.1f}{mark}"
            print(f"{durations.format(grain_ns):>7}  {statistics.median(truths):6.1%} {row}")
    if busy:
        print(
            f"~ {busy} watches: the burning thread stood in the run queue for more than {BUSY:.0%}"
            f" of {TRIES} in a row"
        )


def show_tools(records: list[Record]) -> int:
    """Print a line per tool. Return how many bounds are missed."""
    print("tool                         mean error  worst  slowdown (least to most)   left out")
    ours = next(record for record in records if record.tool.name == OURS)
    if ours.unavailable is not None or not ours.errors:
        print(f"{OURS} told nothing: {ours.unavailable}  MISSED")
        return 1
    our_error = statistics.mean(map(abs, ours.errors))
    our_slowdown = statistics.median(ours.ratios) if ours.ratios else None
    missed = 0
    for record in records:
        name = record.tool.name
        if record.unavailable is not None:
            print(f"{name:28} unavailable: {record.unavailable}")
            continue
        error = statistics.mean(map(abs, record.errors))
        behind = []
        if record is not ours and our_error >= error:
            behind.append("error")
        slowed = "other work ran"
        if record.ratios:
            slowdown = statistics.median(record.ratios)
            slowed = f"{slowdown:.3f} ({min(record.ratios):.3f} to {max(record.ratios):.3f})"
            if our_slowdown is not None and our_slowdown > max(1.0, slowdown) + SLOWDOWN_MARGIN:
                behind.append("slowdown")
        if record is ours and our_slowdown is None:
            behind.append("slowdown")
        missed += len(behind)
        print(
            f"{name:28} {error * 100:10.1f}  {max(map(abs, record.errors)) * 100:5.1f}"
            f"  {slowed:23}  {record.left_out:9}"
            f"{'  MISSED: ' + ', '.join(behind) if behind else ''}"
        )
    print(
        f"errors in points. Bound: {OURS} has a smaller mean error than each, and slows by no more"
        f" than each, to {SLOWDOWN_MARGIN * 100:.0f} point"
    )
    return missed
