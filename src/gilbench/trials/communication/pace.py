"""How fast payloads of one size go through a channel."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, repeat
from time import sleep
from typing import TYPE_CHECKING, Any, Final

from gilbench._native.clock import now_ns
from gilbench.trials.communication.pattern import holds_pattern
from gilbench.trials.communication.peers import PeerFailedError

if TYPE_CHECKING:
    from gilbench.trials.communication.channel import Channel, Near
    from gilbench.trials.communication.peers import Peer

__all__ = [
    "SECONDS_TO_FALL_ASLEEP",
    "Pace",
    "first_trip_ns",
    "length_of_stream",
    "length_of_stream_of_sleepers",
    "measure_pace",
    "measure_pace_of_sleepers",
    "percentile",
    "time_trips",
]

_MOST_TRIPS: Final = 4000
_MOST_PUSHES: Final = 40_000
_MOST_TRIPS_TO_WARM_UP: Final = 16
_TRIPS_FOR_A_PERCENTILE: Final = 100
# A trip of so many spans moves tens of megabytes: what is new about the first one is little of it.
_LONG: Final = 4
# A stream waits for nobody as long as there is room on the way, and takes less than half the trips:
# one that was over in less than this share of a span is sent again, in the right number.
_MUCH_OF_A_SPAN: Final = 0.8
# Of trips between two that sleep the first is out of step, and takes one sleep more or less. In a
# stream who takes sleeps but once: so many payloads that this is little of it, of so many bytes at
# most as memory is sure to hold.
_TRIPS_OF_SLEEPERS: Final = 3
_PUSHES_TO_A_SLEEPER: Final = 2**14
_BYTES_TO_A_SLEEPER: Final = 2**26

SECONDS_TO_FALL_ASLEEP: Final = 0.001
"""So long after it is ready a peer that sleeps is sent a stream: asleep, as one that waits mostly
is. Else it goes by luck on one core, who gets it first: 64 MiB in pieces of 64 KiB then took 1.4 or
11 ms.
"""


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
    course = _Course(near=channel.near(size), peer=peer, payload=channel.payload(size), size=size)
    first_ns = first_trip_ns(course.near, peer, course.payload, size)
    if first_ns > _LONG * span_ns:
        return Pace(size=size, trips_ns=(first_ns,), pushes_per_s=2e9 / first_ns)
    usual_ns = percentile(course.trips(_within(span_ns / first_ns, 1, _MOST_TRIPS_TO_WARM_UP)), 50)
    fewest = min(_TRIPS_FOR_A_PERCENTILE, _LONG * span_ns / usual_ns)
    taken = course.trips(_within(max(fewest, span_ns / usual_ns), 1, _MOST_TRIPS))
    usual_ns = percentile(taken, 50)
    times = length_of_stream(usual_ns, usual_ns, span_ns)
    rate = course.pushes_per_s(times)
    enough = length_of_stream(usual_ns, 1e9 / rate, span_ns)
    if enough > times:
        rate = course.pushes_per_s(enough)
    return Pace(size=size, trips_ns=tuple(taken), pushes_per_s=rate)


def length_of_stream(trip_ns: float, push_ns: float, span_ns: int) -> int:
    """Return how many payloads a stream has: as many as there are trips in the span, or where it
    would be over in much less than that, as many as fill it.
    """
    times = _within(span_ns / trip_ns, 1, _MOST_PUSHES)
    enough = _within(span_ns / push_ns, 1, _MOST_PUSHES)
    return enough if times < enough * _MUCH_OF_A_SPAN else times


def measure_pace_of_sleepers(channel: Channel, peer: Peer, size: int) -> Pace:
    """Return how fast payloads of `size` bytes go where who waits for one sleeps between two looks.

    Raises what `measure_pace` raises.
    """
    course = _Course(near=channel.near(size), peer=peer, payload=channel.payload(size), size=size)
    first_trip_ns(course.near, peer, course.payload, size)
    taken = course.trips(_TRIPS_OF_SLEEPERS)
    times = length_of_stream_of_sleepers(size)
    rate = course.pushes_per_s(times, pause_s=SECONDS_TO_FALL_ASLEEP)
    return Pace(size=size, trips_ns=tuple(taken), pushes_per_s=rate)


def length_of_stream_of_sleepers(size: int) -> int:
    """Return how many payloads a stream has where who waits for one sleeps between two looks."""
    return _within(_BYTES_TO_A_SLEEPER / size, 2, _PUSHES_TO_A_SLEEPER)


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
        # Not while the next one comes: of what is large, two would have to fit in the cache.
        del answer
        stamp(now_ns())
    return [after - before for before, after in pairwise(stamps)]


def percentile(values: list[int] | tuple[int, ...], percent: int) -> int:
    """Return the smallest of `values` that so many percent of them do not exceed."""
    return sorted(values)[-(-len(values) * percent // 100) - 1]


@dataclass(frozen=True, kw_only=True)
class _Course:
    """What is sent again and again, and through what."""

    near: Near
    peer: Peer
    payload: Any
    size: int

    def trips(self, times: int) -> list[int]:
        """Return how many nanoseconds each of so many round trips took."""
        self.peer.order(answers=True, times=times, size=self.size)
        taken = time_trips(self.near, self.payload, times)
        self.peer.finished()
        return taken

    def pushes_per_s(self, times: int, *, pause_s: float = 0.0) -> float:
        """Return how many go one way a second, in a stream of so many. It begins so long after the
        peer is ready.
        """
        self.peer.order(answers=False, times=times, size=self.size)
        if pause_s:
            sleep(pause_s)
        push, payload = self.near.push, self.payload
        began_ns = now_ns()
        for _ in repeat(None, times):
            push(payload)
        self.peer.finished()
        return times * 1e9 / (now_ns() - began_ns)


def _within(number: float, least: int, most: int) -> int:
    return max(least, min(most, int(number)))
