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


# KiB over the first, every five creations of a subinterpreter with 3.15: no more over a thousand.
COMES_AND_GOES = (
    *(0, 216, 232, 376, -248, 236, 312, -248, -56, 312, -248, 356, 348, 232, 248, -248, -20),
    *(416, 252, 252, 308),
)


@pytest.mark.parametrize("sizes", [COMES_AND_GOES, COMES_AND_GOES[:-1], COMES_AND_GOES[:-2]])
def test_memory_that_comes_and_goes_is_left_by_nobody(sizes: tuple[int, ...]) -> None:
    creations = 5 * (len(sizes) - 1)
    bytes = [50e6 + 1024 * size for size in sizes]
    found = ledger(growth(Way.INTERPRETER, bytes, creations)).growth(Way.INTERPRETER)
    assert found is not None
    assert found.each == 0
    leak = [size + 5 * 65536 * step for step, size in enumerate(bytes)]
    found = ledger(growth(Way.INTERPRETER, leak, creations)).growth(Way.INTERPRETER)
    assert found is not None
    assert found.each == pytest.approx(65536, rel=0.5)


def test_an_allocator_that_takes_less_and_less_is_no_leak() -> None:
    """Of a subinterpreter with 3.15, as KiB over the first, every five creations."""
    taken = (0, 556, 952, 980, 1012, 1024, 1056, 1060, 1068, 1076, 1076, 1080, 1080, 1080, 1084)
    sizes = [50e6 + 1024 * size for size in (*taken, 1084, 1092, 1092, 1092, 1104)]
    found = ledger(growth(Way.INTERPRETER, sizes, 95)).growth(Way.INTERPRETER)
    assert found is not None
    assert found.each < 1024


@pytest.mark.parametrize("place", range(1, 21))
def test_what_comes_once_is_left_by_nobody_wherever_it_comes(place: int) -> None:
    sizes = [5e6 + (3e6 if step >= place else 0) for step in range(21)]
    found = ledger(growth(Way.SPAWN, sizes)).growth(Way.SPAWN)
    assert found is not None
    assert (found.each, found.grown) == (0, 3e6)


def test_memory_that_is_given_back_does_not_count_against_what_comes() -> None:
    found = ledger(growth(Way.SPAWN, [5e6 - 4096 * step for step in range(16)], 75)).growth(
        Way.SPAWN
    )
    assert found is not None
    assert found.over(100) == found.grown


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
