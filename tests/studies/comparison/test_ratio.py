from __future__ import annotations

import pytest

from gilbench.studies.comparison.medians import Median
from gilbench.studies.comparison.ratio import ratio_of


def known(value: float, low: float, high: float) -> Median:
    return Median(value=value, low=low, high=high, firm=True)


def test_of_what_is_known_exactly_the_ratio_is_too() -> None:
    ratio = ratio_of(known(6, 6, 6), known(3, 3, 3))
    assert ratio is not None
    assert (ratio.low, ratio.value, ratio.high) == (2, 2, 2)


def test_of_one_that_is_the_interval_is_the_other_s() -> None:
    ratio = ratio_of(known(6, 5, 9), known(3, 3, 3))
    assert ratio is not None
    assert (ratio.low, ratio.high) == pytest.approx((5 / 3, 3))
    ratio = ratio_of(known(6, 6, 6), known(3, 2, 4))
    assert ratio is not None
    assert (ratio.low, ratio.high) == pytest.approx((1.5, 3))


def test_two_that_err_alike_err_together_by_the_root_of_two() -> None:
    ratio = ratio_of(known(100, 90, 110), known(100, 90, 110))
    assert ratio is not None
    assert (ratio.low, ratio.high) == pytest.approx((0.868, 1.153), abs=0.002)
    # Neither as wrong as both at the same time, nor less than one alone.
    assert 90 / 110 < ratio.low < 0.9
    assert 1.1 < ratio.high < 110 / 90


@pytest.mark.parametrize(("one", "other"), [(0, 1), (1, 0)])
def test_of_what_may_be_nothing_there_is_none(one: float, other: float) -> None:
    assert ratio_of(known(1, one, 2), known(1, other, 2)) is None
