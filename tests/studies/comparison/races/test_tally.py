from __future__ import annotations

import pytest

from comparisons import make_plan, make_trial
from gilbench.comparison import Unit, Way
from gilbench.model import Status
from gilbench.studies.comparison.races.tally import Count, Tally

from .conftest import GIL, all_raced, raced


def tally(*trials: object) -> Tally:
    return Tally(plan=make_plan(), trials=trials)  # type: ignore[arg-type]


def test_updates_are_counted_over_all_trials_and_forms() -> None:
    seen = tally(*all_raced())
    assert seen.count(Way.THREAD, ["call"]) == Count(made=600_000, lost=150_000)
    assert seen.count(Way.THREAD, ["call", "global"]) == Count(made=1_200_000, lost=150_000)
    assert seen.count(Way.THREAD, ["call"], short=True) == Count(made=600_000, lost=150_000)
    assert seen.count(Way.THREAD, ["lock"], short=True) == Count()
    assert seen.count(Way.FORK, ["cell"]).share == pytest.approx(0.5)
    assert Count().share == 0


def test_switch_intervals_are_told_apart() -> None:
    often = raced(Way.THREAD, {"call": (0.5, 90.0)}, parameters={"switch_ns": 1000})
    seen = tally(raced(Way.THREAD, {"call": (0.1, 30.0)}), often)
    assert seen.count(Way.THREAD, ["call"]).share == pytest.approx(0.1)
    assert seen.count(Way.THREAD, ["call"], short=True).share == pytest.approx(0.5)
    cost = seen.cost(Way.THREAD, "call")
    assert cost is not None
    assert cost.high < 31


def test_six_laps_make_an_interval_and_fewer_the_ends_of_what_was_seen() -> None:
    few = tally(raced(Way.FORK, {"lock": (0, 100.0)}, laps=5)).cost(Way.FORK, "lock")
    assert few is not None
    assert (few.value, few.low, few.high, few.firm) == (102.0, 100.0, 104.0, False)
    figure = few.figure(Unit.NANOSECONDS)
    assert (figure.value, figure.low, figure.high) == (102.0, None, None)
    many = tally(raced(Way.FORK, {"lock": (0, 100.0)}, laps=6)).cost(Way.FORK, "lock")
    assert many is not None
    assert many.firm
    assert 100 <= many.low <= many.value == 102.5 <= many.high <= 105


def test_a_ratio_is_that_of_the_same_lap() -> None:
    trial = raced(Way.FORK, {"lock": (0, 100.0), "cell": (0, 20.0)})
    ratio = tally(trial).ratio(Way.FORK, "lock", "cell")
    assert ratio is not None
    assert (ratio.low, ratio.high) == (pytest.approx(5), pytest.approx(5))
    assert tally(trial).ratio(Way.FORK, "lock", "view") is None


def test_what_failed_counts_for_nothing_and_says_why() -> None:
    failed = make_trial(
        row="races", name="race", way=Way.SPAWN, status=Status.FAILED, reason="it broke"
    )
    lacking = raced(Way.INTERPRETER, {}, words={"view": "no views yet"})
    seen = tally(failed, lacking)
    assert seen.count(Way.SPAWN, ["cell"]) == Count()
    assert seen.cost(Way.SPAWN, "cell") is None
    assert seen.share_cell(Way.SPAWN, "cell").unavailable == "it broke"
    assert seen.share_cell(Way.INTERPRETER, "view").unavailable == "no views yet"
    assert seen.share_cell(Way.INTERPRETER, "cell").unavailable is None
    assert seen.gil() is None


def test_whether_there_is_a_gil_is_what_the_threads_had() -> None:
    assert tally(raced(Way.THREAD, GIL, gil=True)).gil() is True
    assert tally(raced(Way.THREAD, GIL, gil=False)).gil() is False
    assert tally(raced(Way.FORK, {}, gil=True)).gil() is None


def test_a_share_that_was_counted_has_no_interval() -> None:
    figure = tally(*all_raced()).share_cell(Way.THREAD, "call").figure
    assert figure is not None
    assert (figure.value, figure.unit, figure.low, figure.high) == (0.25, Unit.SHARE, None, None)
