"""One trial of communication: one kind of channel, joining workers of one way, at several sizes."""

from __future__ import annotations

import errno
import gc
from contextlib import closing
from typing import TYPE_CHECKING

from gilbench.errors import InputError, nearest
from gilbench.sizes import format_size
from gilbench.trials.communication.catalogue import CHANNELS
from gilbench.trials.communication.helpers import ask_helpers, named_semaphores
from gilbench.trials.communication.pace import (
    first_trip_ns,
    measure_pace,
    measure_pace_of_sleepers,
    percentile,
)
from gilbench.trials.communication.peers import peer_of
from gilbench.trials.communication.room import why_no_room
from gilbench.trials.communication.seats import kept_on, seats
from gilbench.trials.tried import NoRoomError, Tried, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gilbench.comparison import Parameter, Way
    from gilbench.trials.communication.catalogue import Kind
    from gilbench.trials.communication.pace import Pace
    from gilbench.trials.communication.seats import Seats

__all__ = ["perform"]


def perform(
    name: str,
    way: Way | None,
    parameters: Mapping[str, Parameter],
    seed: int,  # noqa: ARG001 - there are no dice here
) -> Tried:
    """Return the paces of the channel `name`, at each of the payloads' `sizes`, such as `64 4096`.

    It does so many `laps` of all sizes, the smallest first, each through a new channel, and through
    the last one those that are to be done `once`, if any. `span_ns` is the time for the round trips
    of one size in a lap, and about the same again for its stream. The two sides are kept on one or
    two `cores`, or where the system likes if that is 0. The figures are series, an item each time:
    `payload_bytes`, how many `trips` there were, their `trip_p50_ns` and `trip_p99_ns`, and
    `pushes_per_s`. What there is no room for is left out, with all that is larger; then the word
    `left_out` says why.

    Raises UnavailableError, also where there is room for nothing.
    """
    kind = CHANNELS.get(name)
    if kind is None or way not in kind.ways:
        raise InputError(f"no channel {name!r} for {way}{nearest(name, CHANNELS)}")
    sizes, laps = _sizes(parameters["sizes"]), int(parameters["laps"])
    last = [*sizes, *_sizes(parameters.get("once", ""))]
    where = seats(int(parameters["cores"]))
    paces, left_out = _paces(
        kind, way, where, [*[sizes] * (laps - 1), last], int(parameters["span_ns"])
    )
    if not paces:
        raise UnavailableError(left_out)
    words = {"left_out": left_out} if left_out else {}
    if name.startswith("array"):
        from gilbench.trials.communication.arrays import kind_of_array

        words["arrays"] = kind_of_array()
    return Tried(figures=_figures(paces), words=words)


def _sizes(told: Parameter) -> list[int]:
    return sorted(map(int, str(told).split()))


def _paces(
    kind: Kind, way: Way, where: Seats, laps: Sequence[Sequence[int]], span_ns: int
) -> tuple[list[Pace], str]:
    """Return the paces at the sizes that there is room for, and why the others are left out."""
    shared = kind.home.startswith("shared_memory:")
    left_out = ""
    while any(laps):
        largest = max(map(max, laps))
        reason = why_no_room(largest, shared=shared)
        if reason is None:
            paces, failed = _measured(kind, way, where, laps, span_ns)
            if not failed:
                return paces, left_out
            reason = "too little memory"
            if paces:
                return paces, f"{format_size(failed)}: {reason}"
        left_out = f"{format_size(largest)}: {reason}"
        smaller = ([size for size in lap if size < largest] for lap in laps)
        laps = [lap for lap in smaller if lap]
    return [], left_out


def _measured(
    kind: Kind, way: Way, where: Seats, laps: Sequence[Sequence[int]], span_ns: int
) -> tuple[list[Pace], int]:
    """Return the paces, and the size for which memory did not suffice, or 0."""
    paces: list[Pace] = []
    size = 0
    # What was thrown away before is not to be cleared away between two stamps.
    gc.collect()
    ask_helpers(way)
    try:
        for lap in laps:
            size = max(lap)
            with kept_on(where.there), named_semaphores(way):
                # What answers by itself starts with it.
                channel = kind.open(way, size)
            with (
                closing(channel),
                kept_on(where.here),
                peer_of(channel, way, where.there) as peer,
            ):
                # What a peer loads with the first payload is no part of any trip.
                least = min(lap)
                first_trip_ns(channel.near(least), peer, channel.payload(least), least)
                for size in lap:
                    paces.append(
                        measure_pace_of_sleepers(channel, peer, size)
                        if kind.sleeps
                        else measure_pace(channel, peer, size, span_ns)
                    )
    except (MemoryError, NoRoomError, OSError) as error:
        if isinstance(error, OSError) and error.errno not in {errno.ENOMEM, errno.ENOSPC}:
            raise
        return paces, size
    return paces, 0


def _figures(paces: Sequence[Pace]) -> dict[str, tuple[float, ...]]:
    return {
        "payload_bytes": tuple(pace.size for pace in paces),
        "trips": tuple(len(pace.trips_ns) for pace in paces),
        "trip_p50_ns": tuple(percentile(pace.trips_ns, 50) for pace in paces),
        "trip_p99_ns": tuple(percentile(pace.trips_ns, 99) for pace in paces),
        "pushes_per_s": tuple(pace.pushes_per_s for pace in paces),
    }
