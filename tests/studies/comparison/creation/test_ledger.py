from __future__ import annotations

import pytest

from gilbench.comparison import Way
from gilbench.studies.comparison.creation.ledger import Growth, Time

from .conftest import US, absent, cycle, growth, ledger, pool, steady, task, trial


def test_times_are_medians_of_all_trials() -> None:
    found = ledger(
        cycle(Way.FORK, 100, 10, times=4),
        cycle(Way.FORK, 300, 30, times=4, round=1),
        task(Way.FORK, 7),
        task(Way.FORK, 900, imports="json"),
        pool(Way.FORK, 5),
    )
    medians = {time: found.time(Way.FORK, time) for time in Time}
    values = {time: each.value / US for time, each in medians.items() if each is not None}
    assert values == {
        Time.START: 200,
        Time.JOIN: 20,
        Time.BOTH: 220,
        Time.TASK: 7,
        Time.LADEN: 900,
        Time.POOLED: 5,
    }
    assert found.times(Time.TASK)[Way.SPAWN] is None


def test_start_and_join_are_added_pair_by_pair() -> None:
    figures = {"first_ns": (1.0,), "start_ns": (1.0, 9.0, 5.0), "join_ns": (9.0, 1.0, 5.0)}
    both = ledger(trial("cycle", Way.FORK, figures=figures)).time(Way.FORK, Time.BOTH)
    assert both is not None
    assert (both.low, both.value, both.high) == (10, 10, 10)


def test_a_long_series_counts_as_ten_values() -> None:
    many = cycle(Way.THREAD, 10, 1, times=300)
    few = [cycle(Way.THREAD, 90, 1, times=10, round=round) for round in range(1, 3)]
    start = ledger(many, *few).time(Way.THREAD, Time.START)
    assert start is not None
    # Else the 300 would outvote the 20.
    assert start.value == 90 * US
    assert start.firm


def test_a_rate_is_what_fits_into_a_second() -> None:
    rate = ledger(cycle(Way.FORK, 1_500, 500)).rate(Way.FORK)
    assert rate is not None
    assert rate.value == pytest.approx(500)
    assert rate.low <= rate.value <= rate.high
    assert ledger().rate(Way.FORK) is None
    assert ledger(cycle(Way.FORK, 0, 0)).rate(Way.FORK) is None


def test_the_first_stands_by_itself() -> None:
    found = ledger(cycle(Way.FORK, 1, 1), task(Way.FORK, 1, imports="json"))
    firsts = [found.first(Way.FORK, time) for time in (Time.BOTH, Time.LADEN, Time.TASK)]
    assert [None if each is None else each.value for each in firsts] == [5e7, 6e7, None]


def test_growth_goes_on_as_it_mostly_was() -> None:
    found = ledger(growth(Way.FORK, [0, 1000, 1010, 1020, 1030], creations=20)).growth(Way.FORK)
    assert found == Growth(creations=20, grown=1030, each=2, steps=4)
    assert found.over(20) == 1030
    assert found.over(100) == 1030 + 160


def test_a_steady_leak_is_told_as_such() -> None:
    found = ledger(steady(Way.INTERPRETER, 1_700_000, creations=15)).growth(Way.INTERPRETER)
    assert found is not None
    assert found.each == 1_700_000
    assert found.over(100) == pytest.approx(170_000_000)


def test_reasons_are_told_by_what_was_tried() -> None:
    found = ledger(
        absent("cycle", Way.INTERPRETER, "no interpreters"),
        absent("task", Way.INTERPRETER, "no json there", parameters={"imports": "json"}),
        absent("pool", Way.INTERPRETER, "no pool"),
        absent("growth", Way.FORK, "no fork"),
    )
    reasons = {time: found.lacking(time).get(Way.INTERPRETER) for time in Time}
    assert reasons == {
        Time.START: "no interpreters",
        Time.JOIN: "no interpreters",
        Time.BOTH: "no interpreters",
        Time.TASK: None,
        Time.LADEN: "no json there",
        Time.POOLED: "no pool",
    }
    assert found.no_growth() == {Way.FORK: "no fork"}
    assert found.growth(Way.FORK) is None
