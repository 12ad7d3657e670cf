from __future__ import annotations

import pytest

from gilbench.comparison import Cell, Figure, Unit, Way
from gilbench.studies.comparison.medians import Median, cells, median_of


def test_of_nothing_there_is_none() -> None:
    assert median_of([], 1) is None


def test_of_few_values_it_encloses_all_and_is_not_firm() -> None:
    few = median_of([3.0, 1.0, 2.0], 1)
    assert few == Median(value=2, low=1, high=3, firm=False)
    assert few.figure(Unit.BYTES) == Figure(value=2, unit=Unit.BYTES)


def test_of_more_it_has_an_interval() -> None:
    many = median_of([*range(1, 100), 10_000], 1)
    assert many is not None
    assert many.firm
    assert many.value == 50.5
    assert 30 < many.low < 50.5 < many.high < 71
    assert many.figure(Unit.BYTES) == Figure(
        value=50.5, unit=Unit.BYTES, low=many.low, high=many.high
    )
    assert median_of([*range(1, 100), 10_000], 1) == many


def sure(value: float) -> Median:
    return Median(value=value, low=value, high=value, firm=False)


def test_a_line_has_a_cell_for_each_way() -> None:
    medians = {Way.THREAD: sure(10), Way.FORK: sure(25), Way.SPAWN: None}
    line = cells(medians, Unit.NANOSECONDS, {Way.SPAWN: "not here", Way.FORK: "unheard"})
    assert list(line) == list(Way)
    assert line[Way.THREAD] == Cell(figure=Figure(value=10, unit=Unit.NANOSECONDS))
    assert line[Way.FORK] == Cell(figure=Figure(value=25, unit=Unit.NANOSECONDS), ratio=2.5)
    assert line[Way.SPAWN] == Cell(unavailable="not here")
    assert line[Way.FORKSERVER] == Cell()


@pytest.mark.parametrize(("thread", "fork"), [(0.0, 5.0), (-1.0, 5.0), (5.0, -1.0)])
def test_there_is_no_ratio_to_nothing(thread: float, fork: float) -> None:
    line = cells({Way.THREAD: sure(thread), Way.FORK: sure(fork)}, Unit.BYTES, {})
    assert line[Way.FORK].figure is not None
    assert line[Way.FORK].ratio is None
