"""The bare loop: round trips, then a stream, as anyone would time them."""

from __future__ import annotations

import gc
import os
import socket
import time
from contextlib import ExitStack
from itertools import pairwise, repeat
from statistics import median
from typing import TYPE_CHECKING, Any

from catalogue import BARE
from far_side import far_side
from order import LAP, Order
from times import Times

from gilbench.machine import pinnable
from gilbench.trials.communication.catalogue import CHANNELS
from gilbench.trials.communication.pace import (
    SECONDS_TO_FALL_ASLEEP,
    length_of_stream,
    length_of_stream_of_sleepers,
)

if TYPE_CHECKING:
    from bare import Bare

# As in trials: so many trips before those that count, after one of a new channel and one of a new
# payload.
USUAL = 16
SECONDS_TO_ANSWER = 30.0
clock = time.perf_counter_ns


def bare_loop(channel: str, size: int, cores: int, *, trips: int, span_ns: int) -> Times:
    """Return the median time of a trip of so many, and that of a payload of a stream.

    A stream is about as long as the span, as in trials. The two sides are kept on one or two
    `cores`, or where the system likes if that is 0.
    """
    # As trials do: what was thrown away before is not to be cleared away between two stamps.
    gc.collect()
    here: int | None = None
    there: int | None = None
    with ExitStack() as stack:
        if cores:
            here, there = pinnable()[0], pinnable()[cores - 1]
            stack.callback(os.sched_setaffinity, 0, os.sched_getaffinity(0))
            # A process that the channel has of its own stays where it is started.
            os.sched_setaffinity(0, {there})
        bare = stack.enter_context(BARE[channel](size))
        if here is not None:
            os.sched_setaffinity(0, {here})
        # As in trials: how the two sides meet before a lap decides how it begins.
        ours, theirs = map(stack.enter_context, socket.socketpair())
        ours.settimeout(SECONDS_TO_ANSWER)
        order = Order(control=theirs.fileno(), processor=there)
        stack.enter_context(far_side(channel, bare, order))
        times = time_both(channel, bare, ours, size=size, trips=trips, span_ns=span_ns)
        # Who ends takes the core for a moment: not before this side has looked at its clock.
        ours.sendall(LAP.pack(False, 0))
    return times


def time_both(
    channel: str, bare: Bare, control: socket.socket, *, size: int, trips: int, span_ns: int
) -> Times:
    """Return what `bare_loop` returns, once both sides are there."""
    # As in trials: what is sent is made when the other side is there, and anew after the first
    # trip. Where it lies counts: 64 KiB from before a fork go through TCP in 5 % less time.
    time_trips(bare, bare.make(), control, 1)
    payload = bare.make()
    time_trips(bare, payload, control, 1)
    if CHANNELS[channel].sleeps:
        trip = median(time_trips(bare, payload, control, trips))
        pushes = length_of_stream_of_sleepers(size)
        stream = time_stream(bare, payload, control, pushes, SECONDS_TO_FALL_ASLEEP)
        return Times(trips=trips, trip=trip, stream=stream)
    time_trips(bare, payload, control, USUAL)
    trip = median(time_trips(bare, payload, control, trips))
    pushes = length_of_stream(trip, trip, span_ns)
    stream = time_stream(bare, payload, control, pushes)
    # One that was over too soon is sent again: the second finds all as the first left it.
    enough = length_of_stream(trip, stream, span_ns)
    if enough > pushes:
        stream = time_stream(bare, payload, control, enough)
    return Times(trips=trips, trip=trip, stream=stream)


def time_trips(bare: Bare, payload: Any, control: socket.socket, trips: int) -> list[int]:
    """Return the nanoseconds of each."""
    send, receive = bare.send, bare.receive
    control.sendall(LAP.pack(True, trips))
    control.recv(1)
    stamps = [clock()]
    for _ in repeat(None, trips):
        send(payload)
        if receive is not None:
            receive()
        stamps.append(clock())
    control.recv(1)
    return [after - before for before, after in pairwise(stamps)]


def time_stream(
    bare: Bare, payload: Any, control: socket.socket, pushes: int, pause_s: float = 0.0
) -> float:
    """Return the nanoseconds of a payload. The first goes so long after the other side is ready."""
    push = bare.push or bare.send
    control.sendall(LAP.pack(False, pushes))
    control.recv(1)
    if pause_s:
        time.sleep(pause_s)
    began = clock()
    for _ in repeat(None, pushes):
        push(payload)
    control.recv(1)
    return (clock() - began) / pushes
