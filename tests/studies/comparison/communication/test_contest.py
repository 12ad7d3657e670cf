from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from channels import Speed, tried
from comparisons import make_plan
from gilbench.comparison import Way
from gilbench.studies.comparison.communication.contest import (
    Contest,
    Crossing,
    Side,
    best_of,
    side,
)
from gilbench.studies.comparison.communication.paces import Paces
from gilbench.studies.comparison.medians import Median

if TYPE_CHECKING:
    from collections.abc import Mapping


def steady(**us: float) -> Mapping[int, Median]:
    return {
        int(size[1:]): Median(value=1e3 * took, low=990 * took, high=1010 * took, firm=True)
        for size, took in us.items()
    }


def contest(one: Mapping[int, Median], other: Mapping[int, Median]) -> Contest:
    return Contest(
        cores=2,
        first=Side(name="one", trip=one, through=dict.fromkeys(one, "one")),
        second=Side(name="other", trip=other, through=dict.fromkeys(other, "other")),
    )


def test_the_quicker_is_so_by_a_quarter() -> None:
    found = contest(
        steady(_64=10, _128=10, _256=10, _512=12.4, _1024=20),
        steady(_64=20, _128=12.4, _256=12.6, _512=10, _1024=10),
    )
    assert found.quicker == {64: "one", 256: "one", 1024: "other"}
    assert found.ratios == pytest.approx({64: 2, 256: 1.26, 1024: 0.5})


def test_the_interval_of_the_ratio_decides_and_not_those_of_the_sides() -> None:
    # By half: either may be a quarter off, and both at once is less likely than either.
    one = {64: Median(value=10_000, low=8_000, high=12_400, firm=True)}
    other = {64: Median(value=15_000, low=12_000, high=18_600, firm=True)}
    assert one[64].high > other[64].low
    assert contest(one, other).quicker == {64: "one"}
    assert contest(other, one).quicker == {64: "other"}
    # Of the ends only those count that lie between the two.
    far = {64: Median(value=15_000, low=12_000, high=90_000, firm=True)}
    assert contest(one, far).quicker == {64: "one"}


def test_wide_intervals_decide_nothing() -> None:
    wide = {64: Median(value=10_000, low=5_000, high=30_000, firm=True)}
    assert contest(wide, steady(_64=20)).quicker == {}
    assert contest(steady(_64=20), wide).quicker == {}


def test_what_was_seen_once_decides_nothing() -> None:
    once = {64: Median(value=10_000, low=10_000, high=10_000, firm=False)}
    assert contest(once, steady(_64=20)).quicker == {}
    assert contest(steady(_64=20), once).quicker == {}


def test_only_what_both_were_measured_with_counts() -> None:
    found = contest(steady(_64=10, _128=10), steady(_128=20, _256=20))
    assert found.sizes == [128]
    assert contest(steady(_64=10), steady(_128=10)).sizes == []


def test_where_the_quicker_one_changes_the_lines_cross() -> None:
    # Straight lines on logarithmic scales, which are equal in the middle.
    found = contest(steady(_64=10, _1024=40), steady(_64=20, _1024=20))
    assert found.crossings == [
        Crossing(before="one", after="other", size=pytest.approx(256), low=64, high=1024)
    ]


def test_what_is_undecided_between_two_is_within_the_crossing() -> None:
    found = contest(
        steady(_64=10, _128=10, _256=10, _512=20), steady(_64=20, _128=10, _256=10, _512=10)
    )
    (crossing,) = found.crossings
    assert (crossing.low, crossing.high) == (64, 512)
    assert 64 < crossing.size < 512


def test_it_may_change_back() -> None:
    found = contest(steady(_64=10, _128=20, _256=10), steady(_64=20, _128=10, _256=20))
    assert [(each.before, each.after) for each in found.crossings] == [
        ("one", "other"),
        ("other", "one"),
    ]


def test_who_is_always_quicker_crosses_nobody() -> None:
    found = contest(steady(_64=10, _128=20), steady(_64=20, _128=40))
    assert set(found.quicker.values()) == {"one"}
    assert found.crossings == []


def test_a_side_is_a_channel_or_the_best_of_several() -> None:
    found = Paces(
        plan=make_plan(seed=3),
        trials=(
            tried("pipe", Way.FORK, Speed(us=10, ms_per_mib=100), (64, 2**20)),
            tried("tcp", Way.FORK, Speed(us=20), (64, 2**20, 2**22)),
        ),
    )
    pipe, tcp = found.channels
    assert side(pipe).name == "multiprocessing.Pipe"
    assert side(pipe).trip == pipe.trip
    best = best_of("any", found.channels)
    assert best.name == "any"
    assert best.trip == {64: pipe.trip[64], 2**20: tcp.trip[2**20], 2**22: tcp.trip[2**22]}
    assert best.through == {
        64: "multiprocessing.Pipe",
        2**20: "TCP on loopback",
        2**22: "TCP on loopback",
    }
    assert best_of("none", ()).trip == {}
