from __future__ import annotations

import pytest

from gilbench.model import Estimate
from gilbench.report import figures
from gilbench.report.glyphs import ASCII, UNICODE


def test_of_an_uneven_interval_the_larger_half_counts() -> None:
    assert figures.speedup(Estimate(value=1.5, low=1.2, high=1.6), UNICODE) == "1.50 ±0.30"
    assert figures.speedup(Estimate(value=1.5, low=1.4, high=1.8), UNICODE) == "1.50 ±0.30"


def test_large_speedups_have_one_decimal() -> None:
    assert figures.speedup(Estimate(value=63.4, low=63.0, high=63.8), ASCII) == "63.4 +-0.4"


def test_a_bite_may_be_negative() -> None:
    assert figures.bite(Estimate(value=-0.02, low=-0.05, high=0.01), UNICODE) == "bite -2 ±3 %"


@pytest.mark.parametrize(
    ("bite", "style"),
    [(-0.1, "green"), (0.119, "green"), (0.12, "yellow"), (0.299, "yellow"), (0.3, "red")],
)
def test_a_bite_has_a_colour(bite: float, style: str) -> None:
    assert figures.bite_style(Estimate(value=bite, low=bite, high=bite)) == style


def test_without_a_bite_there_is_no_colour() -> None:
    assert figures.bite_style(None) == ""


def test_a_share_is_in_whole_percent() -> None:
    assert figures.share(Estimate(value=0.404, low=0.36, high=0.42), UNICODE) == "40 ±4 %"
    assert figures.share(Estimate(value=1.0, low=0.99, high=1.0), ASCII) == "100 +-1 %"
