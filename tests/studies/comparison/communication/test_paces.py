from __future__ import annotations

import pytest

from channels import SMALL, Speed, tried, whole_run
from comparisons import make_plan
from gilbench.comparison import Unit, Way
from gilbench.model import Status
from gilbench.studies.comparison.communication.paces import Paces

SLOW = Speed(us=20)


def paces(*trials: object) -> Paces:
    return Paces(plan=make_plan(seed=3), trials=trials)  # type: ignore[arg-type]


def test_a_figure_is_the_median_over_the_laps_of_all_trials() -> None:
    found = paces(
        tried("pipe", Way.FORK, Speed(us=20), (64,), laps=3),
        tried("pipe", Way.FORK, Speed(us=30), (64,), laps=3),
    )
    channel = found.find("pipe", 2)
    assert channel is not None
    trip = channel.trip[64]
    # 20.0, 20.2, 20.4, 30.0, 30.3 and 30.6 us.
    assert trip.value == pytest.approx(25_200)
    assert trip.firm
    assert 20_000 <= trip.low < 25_200 < trip.high <= 30_600
    assert trip.figure(Unit.NANOSECONDS).low == trip.low


def test_of_few_laps_there_is_no_interval_but_what_was_seen() -> None:
    channel = paces(tried("pipe", Way.FORK, SLOW, (64,), laps=5)).find("pipe", 2)
    assert channel is not None
    trip = channel.trip[64]
    assert (trip.low, trip.high, trip.firm) == (20_000, pytest.approx(20_800), False)
    assert trip.figure(Unit.NANOSECONDS).low is None


def test_channels_stand_in_the_order_of_the_catalogue_most_cores_first() -> None:
    found = paces(
        tried("tcp", Way.FORK, SLOW),
        tried("pipe", Way.SPAWN, SLOW),
        tried("pipe", Way.FORK, SLOW, cores=1),
        tried("pipe", Way.FORK, SLOW),
        tried("queue", Way.THREAD, SLOW),
    )
    assert [(each.name, each.way, each.cores) for each in found.channels] == [
        ("queue", Way.THREAD, 2),
        ("pipe", Way.FORK, 2),
        ("pipe", Way.FORK, 1),
        ("pipe", Way.SPAWN, 2),
        ("tcp", Way.FORK, 2),
    ]
    assert found.cores == [2, 1]
    assert [each.name for each in found.on(2)] == ["queue", "pipe", "tcp"]
    assert [each.name for each in found.on(1)] == ["pipe"]
    assert found.find("pipe", 2, Way.SPAWN) is found.channels[3]
    assert found.find("pipe", 2) is found.channels[1]
    assert found.find("tcp", 1) is None


def test_percentiles_need_enough_trips() -> None:
    found = paces(tried("pipe", Way.FORK, Speed(us=10, ms_per_mib=0.4), (64, 2**18)))
    # 200 trips of 10 us, and 72 of 110.
    (channel,) = found.channels
    assert list(channel.trip) == [64, 2**18]
    assert list(channel.trip_p99) == [64]
    assert channel.trip_p99[64].value == pytest.approx(30_300, rel=0.01)


def test_what_failed_counts_for_nothing_and_tells_why() -> None:
    found = paces(
        tried("pipe", Way.FORK, SLOW),
        tried(
            "tcp", Way.FORK, SLOW, figures={}, status=Status.UNAVAILABLE, reason="no network here"
        ),
        tried("pipe", Way.FORK, SLOW, figures={}, status=Status.FAILED, reason="it hung"),
    )
    assert [each.name for each in found.channels] == ["pipe"]
    assert found.lacking(("tcp",), Way.FORK) == "no network here"
    assert found.lacking(("tcp",), Way.SPAWN) is None
    # There is something of it.
    assert found.lacking(("pipe",), Way.FORK) is None


def test_what_was_left_out_is_told_by_its_label() -> None:
    found = paces(
        tried("shared-memory", Way.FORK, SLOW, words={"left_out": "64 MiB: too little"}),
        tried("array", Way.FORK, SLOW, words={"arrays": "bytearray"}),
    )
    assert found.left_out() == {"shared_memory by copies": "64 MiB: too little"}
    assert found.arrays() == "bytearray"
    assert paces().arrays() is None


def test_all_payloads_are_told() -> None:
    assert paces(*whole_run()).sizes == [*SMALL, 2**22, 2**26]
    assert paces().sizes == []
    assert paces().cores == []


def test_series_that_do_not_fit_together_are_an_error() -> None:
    trial = tried("pipe", Way.FORK, SLOW)
    broken = tried(
        "pipe", Way.FORK, SLOW, figures={**trial.figures, "trips": trial.figures["trips"][1:]}
    )
    with pytest.raises(ValueError, match="zip"):
        _ = paces(broken).channels
