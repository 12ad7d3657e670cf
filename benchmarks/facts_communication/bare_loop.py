"""The bare loop: round trips, then a stream, as anyone would time them."""

from __future__ import annotations

import gc
import os
import time
from contextlib import ExitStack
from itertools import repeat
from statistics import median
from typing import TYPE_CHECKING

from catalogue import BARE
from far_side import far_side
from order import Order
from times import Times

from gilbench.machine import pinnable

if TYPE_CHECKING:
    from bare import Bare

WARM = 20
clock = time.perf_counter_ns


def bare_loop(channel: str, size: int, cores: int, *, trips: int, pushes: int) -> Times:
    """Return the median time of a trip, and that of a payload of a stream.

    The two sides are kept on one or two `cores`, or where the system likes if that is 0.
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
        done, tell_done = pipe(stack)
        go, tell_go = pipe(stack)
        order = Order(trips=trips + WARM, pushes=pushes, go=go, done=tell_done, processor=there)
        stack.enter_context(far_side(channel, bare, order))
        # Who receives is ready before each of the two, as in trials.
        os.write(tell_go, b"!")
        os.read(done, 1)
        taken = time_trips(bare, order.trips)
        payload, push = bare.payload, bare.push or bare.send
        os.write(tell_go, b"!")
        os.read(done, 1)
        began = clock()
        for _ in repeat(None, pushes):
            push(payload)
        if bare.push is None:
            os.read(done, 1)
        each = (clock() - began) / pushes
    return Times(trips=trips, trip=median(taken[WARM:]), stream=each)


def pipe(stack: ExitStack) -> tuple[int, int]:
    """Return the two ends of a pipe, closed by the stack."""
    reading, writing = os.pipe()
    stack.callback(os.close, reading)
    stack.callback(os.close, writing)
    return reading, writing


def time_trips(bare: Bare, trips: int) -> list[int]:
    """Return the nanoseconds of each."""
    payload, send, receive = bare.payload, bare.send, bare.receive
    taken: list[int] = []
    if receive is None:
        for _ in repeat(None, trips):
            began = clock()
            send(payload)
            taken.append(clock() - began)
        return taken
    for _ in repeat(None, trips):
        began = clock()
        send(payload)
        receive()
        taken.append(clock() - began)
    return taken
