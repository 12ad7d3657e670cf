from __future__ import annotations

import pytest

from gilbench.experiment.link import HostLostError
from gilbench.experiment.seats import FEWEST_HOSTS, Seats
from gilbench.host.protocol import HelloRequest, Message, OkReply
from gilbench.studies.comparison.one_host import OneHost

HELLO = HelloRequest(protocol=1, path=())


class Host:
    def __init__(self) -> None:
        self.asked = self.closings = self.dismissals = 0
        self.lost = False

    def ask(self, request: Message, timeout_s: float) -> Message:
        assert not self.closings
        self.asked += 1
        if self.lost:
            self.close()
            raise HostLostError("it crashed")
        return OkReply()

    def dismiss(self) -> None:
        self.dismissals += 1

    def close(self) -> None:
        self.closings += 1


@pytest.fixture
def started() -> list[Host]:
    return []


@pytest.fixture
def host(started: list[Host]) -> OneHost:
    def start() -> Host:
        started.append(Host())
        return started[-1]

    return OneHost(start)


def test_all_seats_are_of_one_host(host: OneHost, started: list[Host]) -> None:
    seats = Seats(host)
    for round in range(7):
        seats.ask(round, HELLO, 1.0)
    assert seats.started == FEWEST_HOSTS
    assert [each.asked for each in started] == [7]
    seats.close()
    assert started[0].closings == 1
    assert started[0].dismissals


def test_none_is_started_before_it_is_wanted(host: OneHost, started: list[Host]) -> None:
    host.dismiss()
    host.close()
    assert not started


def test_a_lost_one_is_replaced_for_all_seats(host: OneHost, started: list[Host]) -> None:
    seats = Seats(host)
    for round in range(3):
        seats.ask(round, HELLO, 1.0)
    started[0].lost = True
    with pytest.raises(HostLostError, match="it crashed"):
        seats.ask(3, HELLO, 1.0)
    for round in range(4, 8):
        seats.ask(round, HELLO, 1.0)
    assert [each.asked for each in started] == [4, 4]
    seats.close()
    assert [each.closings for each in started] == [1, 1]
