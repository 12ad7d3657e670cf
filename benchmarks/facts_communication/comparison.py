"""A trial and a bare loop of one channel, in turns."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from bare_loop import bare_loop
from ratio import Ratio
from shift import shift
from times import Times

from gilbench.trials.communication.catalogue import CHANNELS
from gilbench.trials.communication.trial import perform

if TYPE_CHECKING:
    from gilbench.comparison import Parameter

ROUNDS = 21
MOST_ROUNDS = 4 * ROUNDS
SPAN_NS = 16_000_000


def compare(channel: str, size: int, cores: int) -> tuple[Ratio, Ratio]:
    """Return the ratio of the round trips, and that of the streams. Raises UnavailableError.

    There are more rounds where so many do not tell.
    """
    ours: list[Times] = []
    bare: list[Times] = []
    # The first trial only tells how much a bare loop has to do.
    latest = tried(channel, size, cores)

    def ratio(figure: str) -> Ratio:
        our, their = ([getattr(each, figure) for each in rounds] for rounds in (ours, bare))
        return Ratio(
            channel=channel,
            size=size,
            cores=cores,
            figure=figure,
            rounds=len(ours),
            ours_ns=median(our),
            bare_ns=median(their),
            shift=shift(our, their),
            control=shift(their[::2], their[1::2]),
        )

    while True:
        for turn in range(ROUNDS):
            for is_ours in (True, False) if turn % 2 else (False, True):
                if is_ours:
                    latest = tried(channel, size, cores)
                    ours.append(latest)
                else:
                    # As many trips as the trial: how deeply cores sleep between two goes by how
                    # long it takes.
                    bare.append(
                        bare_loop(channel, size, cores, trips=latest.trips, span_ns=SPAN_NS)
                    )
        trip, stream = ratio("trip"), ratio("stream")
        if (trip.told and stream.told) or len(ours) >= MOST_ROUNDS:
            return trip, stream


def tried(channel: str, size: int, cores: int) -> Times:
    """Return what a trial measures, by the first of the ways that have the channel."""
    way = CHANNELS[channel].ways[0]
    parameters: dict[str, Parameter] = {
        "sizes": str(size),
        "laps": 1,
        "span_ns": SPAN_NS,
        "cores": cores,
    }
    figures = perform(channel, way, parameters, 0).figures
    (trips,), (trip,), (rate,) = (
        figures[name] for name in ("trips", "trip_p50_ns", "pushes_per_s")
    )
    return Times(trips=round(trips), trip=trip, stream=1e9 / rate)
