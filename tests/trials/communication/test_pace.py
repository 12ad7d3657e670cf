"""Paces of a channel and a peer that only pretend, by a clock that only they move."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from gilbench.trials.communication import pace
from gilbench.trials.communication.channel import Near
from gilbench.trials.communication.pace import (
    first_trip_ns,
    measure_pace,
    measure_pace_of_sleepers,
    percentile,
)
from gilbench.trials.communication.pattern import pattern
from gilbench.trials.communication.peers import PeerFailedError

US = 1000
MS = 1_000_000


@dataclass
class Pretender:
    """A channel and its peer, which sleeps `sleep_ns` through what is pushed."""

    trip_ns: int = 10 * US
    push_ns: int = US
    sleep_ns: int = 0
    first_ns: int = 0
    answer: Any = None
    lets_go_after: int = 10**9
    now: int = 0
    trips: int = 0
    orders: list[tuple[bool, int]] = field(default_factory=list)
    received: int = 0
    pauses: list[tuple[tuple[bool, int], int]] = field(default_factory=list)

    def payload(self, size: int, /) -> bytes:
        return pattern(size)

    def near(self, size: int, /) -> Near:
        def trip(payload: Any) -> Any:
            self.trips += 1
            self.received += 1
            self.now += self.trip_ns + (self.first_ns if self.trips == 1 else 0)
            if self.trips > self.lets_go_after:
                return None
            return payload if self.answer is None else self.answer

        def push(payload: Any) -> None:
            self.received += 1
            self.now += self.push_ns

        return Near(send=trip, receive=None, push=push, end=lambda: None)

    def order(self, *, answers: bool, times: int, size: int) -> None:
        self.orders.append((answers, times))
        self.received = 0

    def pause(self, seconds: float) -> None:
        """Note after which order it was, and of how many payloads."""
        self.pauses.append((self.orders[-1], self.received))
        self.now += round(seconds * 1e9)

    def finished(self) -> None:
        # As many were sent as it was told of: else one of the two would wait for ever.
        assert self.received == self.orders[-1][1]
        if not self.orders[-1][0]:
            self.now += self.sleep_ns


@pytest.fixture
def pretend(monkeypatch: pytest.MonkeyPatch) -> type[Pretender]:
    def make(**told: Any) -> Any:
        pretender = Pretender(**told)
        monkeypatch.setattr(pace, "now_ns", lambda: pretender.now)
        monkeypatch.setattr(pace, "sleep", pretender.pause)
        return pretender

    return make  # type: ignore[return-value]


def measured(pretender: Any, size: int = 64, span_ns: int = 2 * MS) -> pace.Pace:
    return measure_pace(pretender, pretender, size, span_ns)


def test_trips_fill_the_span(pretend: type[Pretender]) -> None:
    found = measured(pretend(trip_ns=10 * US))
    assert found.size == 64
    assert len(found.trips_ns) == 200
    assert set(found.trips_ns) == {10 * US}


def test_a_cold_first_trip_counts_for_nothing(pretend: type[Pretender]) -> None:
    found = measured(pretend(trip_ns=10 * US, first_ns=MS))
    assert set(found.trips_ns) == {10 * US}
    assert len(found.trips_ns) == 200


def test_there_are_enough_trips_for_a_percentile(pretend: type[Pretender]) -> None:
    assert len(measured(pretend(trip_ns=50 * US)).trips_ns) == 100
    # But not for longer than four spans.
    assert len(measured(pretend(trip_ns=800 * US)).trips_ns) == 10


def test_there_are_not_too_many(pretend: type[Pretender]) -> None:
    assert len(measured(pretend(trip_ns=100)).trips_ns) == 4000


def test_what_takes_long_is_done_once(pretend: type[Pretender]) -> None:
    pretender = pretend(trip_ns=20 * MS)
    found = measured(pretender)
    assert found.trips_ns == (20 * MS,)
    # Two payloads a trip.
    assert found.pushes_per_s == pytest.approx(100)
    assert pretender.orders == [(True, 1)]


def test_a_stream_that_waits_for_the_peer_is_as_fast_as_that(pretend: type[Pretender]) -> None:
    assert measured(pretend(push_ns=5 * US)).pushes_per_s == pytest.approx(200_000)


def test_a_stream_that_waits_for_nobody_is_sent_again_in_the_right_number(
    pretend: type[Pretender],
) -> None:
    pretender = pretend(trip_ns=100 * US, push_ns=1 * US)
    assert measured(pretender).pushes_per_s == pytest.approx(1e6)
    streams = [times for answers, times in pretender.orders if not answers]
    assert streams == [20, 2000]


@pytest.mark.parametrize(("push_ns", "streams"), [(5 * US, [200, 400]), (9 * US, [200])])
def test_a_stream_that_is_over_too_soon_is_sent_again(
    push_ns: int, streams: list[int], pretend: type[Pretender]
) -> None:
    pretender: Any = pretend(trip_ns=10 * US, push_ns=push_ns)
    measured(pretender)
    assert [times for answers, times in pretender.orders if not answers] == streams


def test_a_peer_that_sleeps_between_two_looks_is_sent_a_long_stream(
    pretend: type[Pretender],
) -> None:
    pretender: Any = pretend(trip_ns=10 * MS, push_ns=5 * US, sleep_ns=10 * MS, first_ns=10 * MS)
    found = measure_pace_of_sleepers(pretender, pretender, 64)
    # The trip that was out of step counts for nothing.
    assert found.trips_ns == (10 * MS,) * 3
    assert pretender.orders == [(True, 1), (True, 3), (False, 2**14)]
    assert found.pushes_per_s == pytest.approx(200_000, rel=0.15)


def test_one_that_sleeps_is_asleep_when_its_stream_begins(pretend: type[Pretender]) -> None:
    pretender: Any = pretend(trip_ns=10 * MS, push_ns=US)
    found = measure_pace_of_sleepers(pretender, pretender, 2**25)
    assert pretender.pauses == [((False, 2), 0)]
    # The pause is in no figure.
    assert found.pushes_per_s == pytest.approx(1e6)


def test_nobody_waits_for_one_that_does_not_sleep(pretend: type[Pretender]) -> None:
    pretender: Any = pretend()
    measured(pretender)
    assert pretender.pauses == []


@pytest.mark.parametrize(("size", "times"), [(2**18, 256), (2**22, 16), (2**26, 2)])
def test_to_one_that_sleeps_no_more_is_sent_than_memory_holds(
    size: int, times: int, pretend: type[Pretender]
) -> None:
    pretender: Any = pretend(trip_ns=10 * MS)
    measure_pace_of_sleepers(pretender, pretender, size)
    assert pretender.orders[-1] == (False, times)


def test_a_peer_that_lets_go_is_told_of(pretend: type[Pretender]) -> None:
    with pytest.raises(PeerFailedError, match="let go"):
        measured(pretend(lets_go_after=20))


@pytest.mark.parametrize("answer", [b"", pattern(63), bytes(64)])
def test_another_answer_than_what_was_sent_is_told_of(
    pretend: type[Pretender], answer: bytes
) -> None:
    pretender: Any = pretend(answer=answer)
    with pytest.raises(PeerFailedError, match="not what was sent"):
        first_trip_ns(pretender.near(64), pretender, pretender.payload(64), 64)


@pytest.mark.parametrize(("percent", "expected"), [(1, 1), (50, 50), (99, 99), (100, 100)])
def test_percentiles_are_by_nearest_rank(percent: int, expected: int) -> None:
    assert percentile(list(range(100, 0, -1)), percent) == expected


def test_a_percentile_of_few_is_the_longest() -> None:
    assert percentile([7, 3], 99) == 7
    assert percentile([7], 50) == 7
