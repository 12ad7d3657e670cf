from __future__ import annotations

import pytest

from gilbench.comparison import Outcome, Way
from gilbench.studies.comparison.beside_threads import all_of, much_more
from gilbench.studies.comparison.medians import Median


def near(value: float, half: float = 0.0) -> Median:
    return Median(value=value, low=value - half, high=value + half, firm=True)


@pytest.mark.parametrize(
    ("fork", "spawn", "outcome"),
    [
        (30, 300, Outcome.HOLDS),
        (19, 15, Outcome.DOES_NOT_HOLD),
        (15, 300, Outcome.DEPENDS),
        (25, 300, Outcome.INCONCLUSIVE),
        (25, 25, Outcome.INCONCLUSIVE),
    ],
)
def test_three_times_is_much_and_twice_is_not(fork: float, spawn: float, outcome: Outcome) -> None:
    medians = {Way.THREAD: near(10), Way.FORK: near(fork), Way.SPAWN: near(spawn)}
    assert much_more({**medians, Way.FORKSERVER: None}) is outcome


def test_an_interval_must_be_clear_of_the_margin() -> None:
    assert much_more({Way.THREAD: near(10), Way.FORK: near(40, 11)}) is Outcome.INCONCLUSIVE
    assert much_more({Way.THREAD: near(10, 4), Way.FORK: near(40)}) is Outcome.INCONCLUSIVE
    assert much_more({Way.THREAD: near(10, 3), Way.FORK: near(40)}) is Outcome.HOLDS


def test_what_cannot_be_told_counts_as_the_least_that_can() -> None:
    assert much_more({Way.THREAD: near(-5), Way.FORK: near(20)}, least=4) is Outcome.HOLDS
    assert much_more({Way.THREAD: near(0), Way.FORK: near(5)}, least=4) is Outcome.DOES_NOT_HOLD


def test_without_one_side_nothing_is_told() -> None:
    assert much_more({Way.FORK: near(20)}) is Outcome.INCONCLUSIVE
    assert much_more({Way.THREAD: near(20), Way.INTERPRETER: near(90)}) is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(
    ("verdicts", "outcome"),
    [
        ([], Outcome.INCONCLUSIVE),
        ([None], Outcome.INCONCLUSIVE),
        ([True, True], Outcome.HOLDS),
        ([False], Outcome.DOES_NOT_HOLD),
        ([True, None], Outcome.INCONCLUSIVE),
        ([False, None], Outcome.INCONCLUSIVE),
        ([True, None, False], Outcome.DEPENDS),
    ],
)
def test_what_becomes_of_several(verdicts: list[bool | None], outcome: Outcome) -> None:
    assert all_of(verdicts) is outcome
