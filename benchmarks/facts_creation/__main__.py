"""Is what `facts creation` adds to what it measures small? Its figures beside bare loops.

`python benchmarks/facts_creation [thread fork ...]` prints, for each way and figure, what the
trials measure, what a plain loop with the same primitive does, and their ratio. The two take turns
in one process, a process for each way. Each figure is the mean of the middle half: who of two
processes goes first makes some times fall in two heaps, between which a median would jump. Status 1
where a ratio is above 1.05: then the trial itself is in its figure.
"""

from __future__ import annotations

import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING

from comparison import compare

from gilbench.comparison import Way
from gilbench.trials.tried import UnavailableError

if TYPE_CHECKING:
    from ratio import Ratio


def line(way: Way, ratio: Ratio) -> str:
    """Return one ratio as it is printed: way, figure, the two times."""
    return (
        f"{way:12} {ratio.figure:15} {ratio.ours_ns / 1e3:9.1f} us,"
        f" bare {ratio.bare_ns / 1e3:9.1f} us, ratio {ratio.value:.3f}"
        f"{'  ABOVE' if ratio.above else ''}"
    )


def show(way: Way) -> int:
    """Print the ratios of a way. Return how many are above the bound."""
    above = 0
    try:
        for ratio in compare(way):
            above += ratio.above
            print(line(way, ratio), flush=True)
    except UnavailableError as error:
        print(f"{way:12} {error}")
    return above


def main(ways: list[Way]) -> int:
    """Print the ratios of one way here, of more in a process for each. Return the status."""
    if len(ways) == 1:
        return min(1, show(ways[0]))
    command = [sys.executable, str(Path(__file__).parent)]
    above = 0
    for way in ways or Way:
        above += subprocess.run([*command, way], check=False).returncode
    return min(1, above)


if __name__ == "__main__":
    parser = ArgumentParser(description="Trials of creation beside bare loops.")
    parser.add_argument("ways", nargs="*", metavar="way", help=f"{', '.join(Way)}; all by default")
    chosen = parser.parse_args().ways
    for name in chosen:
        if name not in [*Way]:
            parser.error(f"there is no way {name!r}: {', '.join(Way)}")
    sys.exit(main([Way(name) for name in chosen]))
