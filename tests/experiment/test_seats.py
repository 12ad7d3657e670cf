from __future__ import annotations

from typing import Any

import pytest

from gilbench.experiment.link import HostLostError
from gilbench.experiment.seats import FEWEST_HOSTS, Seats
from gilbench.host.protocol import CheckRequest, OkReply

REQUEST = CheckRequest(workload="spin")


def ask(seats: Seats, round: int) -> int:
    assert seats.ask(round, REQUEST, 1.0) == OkReply()
    return seats.asked


def test_hosts_start_when_their_turn_comes_and_take_turns(laboratory: Any) -> None:
    seats = Seats(laboratory.start_host)
    assert seats.started == 0
    assert [ask(seats, round) for round in (0, 0, 1, 2, 3, 4, 5)] == [0, 0, 1, 2, 0, 1, 2]
    assert seats.started == FEWEST_HOSTS


def test_a_lost_host_is_replaced_when_its_turn_comes_again(laboratory: Any) -> None:
    seats = Seats(laboratory.start_host)
    assert [ask(seats, round) for round in (0, 1)] == [0, 1]

    def lose(asked: Any) -> Any:
        raise HostLostError("gone")

    laboratory.check = lose
    with pytest.raises(HostLostError, match="gone"):
        seats.ask(0, REQUEST, 1.0)
    laboratory.check = lambda asked: OkReply()
    assert seats.started == 2
    assert [ask(seats, round) for round in (1, 3, 2)] == [1, 2, 3]


def test_all_are_closed_even_if_closing_one_is_interrupted(laboratory: Any) -> None:
    seats = Seats(laboratory.start_host)
    for round in range(FEWEST_HOSTS):
        ask(seats, round)

    def interrupted() -> None:
        raise KeyboardInterrupt

    laboratory.hosts[1].close = interrupted
    with pytest.raises(KeyboardInterrupt):
        seats.close()
    assert [host.closings for host in laboratory.hosts] == [1, 0, 1]


def test_all_are_told_to_leave_before_any_is_waited_for(laboratory: Any) -> None:
    seats = Seats(laboratory.start_host)
    for round in range(FEWEST_HOSTS):
        ask(seats, round)
    told: list[int] = []
    for host in laboratory.hosts:
        host.close = lambda: told.append(sum(host.dismissals for host in laboratory.hosts))
    seats.close()
    assert told == [FEWEST_HOSTS] * FEWEST_HOSTS
