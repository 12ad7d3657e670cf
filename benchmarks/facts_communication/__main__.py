"""Do channels take in `facts communication` what they take in a bare loop? And what do we add?

`python benchmarks/facts_communication [channel …]` prints, for each channel, payload and number of
cores, what a round trip and a payload of a stream take by a trial, by a bare loop with the same
primitive, and how many times as long the one takes as the other, with its interval. The two take
turns in one process. The times are medians; the ratio is that of all pairs, which tells where what
is timed jumps between two values. A control stands beside each: every other bare loop over those
between. There are more rounds where the interval is neither within the bound nor out of it; where
it never is, the ratio cannot be told. Then what a trial of nothing takes, as a share of the
quickest round trip. Status 1 where a ratio is not within 10 %, or that share above 5 %.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser

from catalogue import BARE
from comparison import compare
from nothing import trip_of_nothing_ns
from ratio import BOUND, Ratio

from gilbench.machine import pinnable
from gilbench.trials.tried import UnavailableError

BOUND_OF_NOTHING = 0.05
SIZES = (64, 2**16)


def line(ratio: Ratio) -> str:
    """Return one ratio as it is printed."""
    return (
        f"{ratio.channel:26} {ratio.size:6} B, {ratio.cores} core(s), {ratio.figure:6}"
        f" {ratio.ours_ns / 1e3:10.3f}, bare {ratio.bare_ns / 1e3:10.3f}, ratio"
        f" {ratio.shift.value:.3f} ({ratio.shift.low:.3f} to {ratio.shift.high:.3f})"
        f", control {ratio.control.value:.3f}, {ratio.rounds} rounds"
        f"{'  MISSED' if ratio.missed else ''}{'' if ratio.told else '  cannot be told'}"
    )


def main(channels: list[str]) -> int:
    """Print the ratios. Return how many bounds are missed."""
    print(f"Python {sys.version.split()[0]}: microseconds, bound {BOUND:.0%}")
    quickest_ns, missed, untold, ratios = float("inf"), 0, 0, 0
    for channel in channels or BARE:
        for cores in (1, 2)[: len(pinnable())] or (0,):
            for size in SIZES:
                try:
                    trip, stream = compare(channel, size, cores)
                except UnavailableError as error:
                    print(f"{channel:26} {error}")
                    continue
                quickest_ns = min(quickest_ns, trip.ours_ns)
                missed += trip.missed + stream.missed
                untold += (not trip.told) + (not stream.told)
                ratios += 2
                print(f"{line(trip)}\n{line(stream)}", flush=True)
    print(f"of {ratios} ratios {missed} out of their bound, {untold} cannot be told")
    nothing_ns = trip_of_nothing_ns()
    share = nothing_ns / quickest_ns
    missed += share > BOUND_OF_NOTHING
    print(
        f"a trial of nothing: {nothing_ns:.0f} ns, {share:.1%} of the quickest round trip,"
        f" {quickest_ns / 1e3:.2f} us (bound {BOUND_OF_NOTHING:.0%})"
    )
    return missed


if __name__ == "__main__":
    parser = ArgumentParser(description="Trials of channels beside bare loops.")
    parser.add_argument(
        "channels", nargs="*", metavar="channel", help=f"{', '.join(BARE)}; all by default"
    )
    chosen = parser.parse_args().channels
    for channel in chosen:
        if channel not in BARE:
            parser.error(f"there is no channel {channel!r}: {', '.join(BARE)}")
    sys.exit(min(1, main(chosen)))
