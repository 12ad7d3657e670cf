"""How comparisons of channels are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench import quantities
from gilbench.comparison import Unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gilbench.studies.comparison.communication.contest import Contest, Crossing, Side

__all__ = ["payload", "place", "seen", "trip_there"]

_PLACES: Final[Mapping[int, str]] = {2: ", on two cores", 1: ", on one core", 0: ""}


def payload(size: float) -> str:
    """Return such as `64 B` or `16 MiB`."""
    return quantities.format(size, Unit.BYTES)


def place(cores: int) -> str:
    """Return where the two sides were kept, to be put behind what was measured."""
    return _PLACES[cores]


def trip_there(cores: int) -> str:
    """Return such as `on two cores a round trip`, to begin a sentence with."""
    return f"{place(cores).removeprefix(', ')} a round trip".lstrip()


def seen(contests: Sequence[Contest]) -> str:
    """Return what the smallest and the largest payload took both sides, on either number of cores.

    And where the quicker side changes; a sentence without its end.
    """
    return "; ".join(_seen(contest) for contest in contests)


def _seen(contest: Contest) -> str:
    smallest, largest = contest.sizes[0], contest.sizes[-1]
    told = f"{trip_there(contest.cores)} of {payload(smallest)} took {_both(contest, smallest)}"
    if largest != smallest:
        told += f", one of {payload(largest)} {_both_again(contest, smallest, largest)}"
    return ", ".join((told, *map(_change, contest.crossings)))


def _change(crossing: Crossing) -> str:
    return (
        f"{crossing.before} being quicker up to {payload(crossing.low)} and {crossing.after} from"
        f" {payload(crossing.high)} on (they cross at about {payload(crossing.size)})"
    )


def _both(contest: Contest, size: int) -> str:
    return " and ".join(
        f"{_trip(side, size)} through {side.through[size]}"
        for side in (contest.first, contest.second)
    )


def _both_again(contest: Contest, before: int, size: int) -> str:
    sides = (contest.first, contest.second)
    if all(side.through[before] == side.through[size] for side in sides):
        return " and ".join(_trip(side, size) for side in sides)
    return _both(contest, size)


def _trip(side: Side, size: int) -> str:
    return quantities.format(side.trip[size].value, Unit.NANOSECONDS)
