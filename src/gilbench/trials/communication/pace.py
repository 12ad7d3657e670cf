"""How fast payloads of one size go through a channel."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, repeat
from typing import TYPE_CHECKING, Any, Final

from gilbench._native.clock import now_ns
from gilbench.trials.communication.pattern import holds_pattern
from gilbench.trials.communication.peers import PeerFailedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from gilbench.trials.communication.channel import Channel, Near
    from gilbench.trials.communication.peers import Peer

__all__ = ["Pace", "first_trip_ns", "measure_pace", "percentile", "time_trips"]

_MOST_TRIPS: Final = 4000
_MOST_PUSHES: Final = 40_000
_MOST_TRIPS_TO_WARM_UP: Final = 16
_TRIPS_FOR_A_PERCENTILE: Final = 100
# A trip of so many spans moves tens of megabytes: what is new about the first one is little of it.
_LONG: Final = 4
# Who hands over a reference waits for nobody, and so a stream takes far less than half the trips:
# one that was over in less than this share of a span is sent again, in the right number.
_MUCH_OF_A_SPAN: Final = 0.25
# Where trips take longer than the span, half as many again should go one way as go there and back.
# Else the peer sleeps between two looks, and a longer stream is over in the same time.
_ASLEEP: Final = 1.5
_FACTOR: Final = 32
_MOST_BYTES_TO_ROUSE: Final = 2**26


@dataclass(frozen=True, kw_only=True)
class Pace:
    """Of payloads of one size: the time of each round trip, and how many go one way a second."""

    size: int
    trips_ns: tuple[int, ...]
    pushes_per_s: float


def measure_pace(channel: Channel, peer: Peer, size: int, span_ns: int) -> Pace:
    """Return how fast payloads of `size` bytes go: trips for about `span_ns`, then a stream.

    Where a first trip takes several times the span, it is all that is measured, and the stream is
    taken to be as fast as the trip. Raises MemoryError where this process or the peer lacks memory,
    and PeerFailedError.
    """
    near, payload = channel.near(size), channel.payload(size)

    def trips(times: int) -> list[int]:
        peer.order(answers=True, times=times, size=size)
        taken = time_trips(near, payload, times)
        peer.finished()
        return taken

    def pushes_per_s(times: int) -> float:
        peer.order(answers=False, times=times, size=size)
        push = near.push
        began_ns = now_ns()
        for _ in repeat(None, times):
            push(payload)
        peer.finished()
        return times * 1e9 / (now_ns() - began_ns)

    first_ns = first_trip_ns(near, peer, payload, size)
    if first_ns > _LONG * span_ns:
        return Pace(size=size, trips_ns=(first_ns,), pushes_per_s=2e9 / first_ns)
    usual_ns = percentile(trips(_within(span_ns / first_ns, 1, _MOST_TRIPS_TO_WARM_UP)), 50)
    fewest = min(_TRIPS_FOR_A_PERCENTILE, _LONG * span_ns / usual_ns)
    taken = trips(_within(max(fewest, span_ns / usual_ns), 1, _MOST_TRIPS))
    usual_ns = percentile(taken, 50)
    times = _within(span_ns / usual_ns, 1, _MOST_PUSHES)
    rate = pushes_per_s(times)
    if usual_ns > span_ns and rate < _ASLEEP * 1e9 / usual_ns:
        rate = _roused(pushes_per_s, rate, times, size)
        return Pace(size=size, trips_ns=tuple(taken), pushes_per_s=rate)
    enough = _within(rate * span_ns / 1e9, 1, _MOST_PUSHES)
    if times < enough * _MUCH_OF_A_SPAN:
        rate = pushes_per_s(enough)
    return Pace(size=size, trips_ns=tuple(taken), pushes_per_s=rate)


def first_trip_ns(near: Near, peer: Peer, payload: Any, size: int) -> int:
    """Return how long one round trip took, after which the payload was looked at.

    Raises PeerFailedError where it is another than was sent.
    """
    peer.order(answers=True, times=1, size=size)
    began_ns = now_ns()
    answer = near.send(payload)
    if near.receive is not None:
        answer = near.receive()
    taken_ns = now_ns() - began_ns
    peer.finished()
    if answer is None or not holds_pattern(answer, size):
        raise PeerFailedError("the peer: what came back is not what was sent")
    return max(1, taken_ns)


def time_trips(near: Near, payload: Any, times: int) -> list[int]:
    """Return how many nanoseconds each of so many round trips took.

    Raises PeerFailedError where the peer let go.
    """
    stamps = [now_ns()]
    stamp, send, receive = stamps.append, near.send, near.receive
    for _ in repeat(None, times):
        answer = send(payload)
        if receive is not None:
            answer = receive()
        if answer is None:
            raise PeerFailedError("the peer let go")
        stamp(now_ns())
    return [after - before for before, after in pairwise(stamps)]


def percentile(values: list[int] | tuple[int, ...], percent: int) -> int:
    """Return the smallest of `values` that so many percent of them do not exceed."""
    return sorted(values)[-(-len(values) * percent // 100) - 1]


def _roused(pushes_per_s: Callable[[int], float], rate: float, times: int, size: int) -> float:
    """Return the rate of so long a stream that a longer one is no quicker by half."""
    while times * _FACTOR <= _MOST_PUSHES and times * _FACTOR * size <= _MOST_BYTES_TO_ROUSE:
        times *= _FACTOR
        before, rate = rate, pushes_per_s(times)
        if rate < 2 * before:
            break
    return rate


def _within(number: float, least: int, most: int) -> int:
    return max(least, min(most, int(number)))
