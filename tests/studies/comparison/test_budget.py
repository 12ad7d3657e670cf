from __future__ import annotations

import pytest

from comparisons import make_plan
from gilbench.comparison import ROW_NAMES
from gilbench.studies.comparison.budget import budget_ns

S = 10**9


@pytest.mark.parametrize(("quick", "limit_s"), [(False, 60), (True, 15)])
def test_all_rows_together_stay_within_what_is_promised(quick: bool, limit_s: int) -> None:
    plan = make_plan(rows=ROW_NAMES, quick=quick)
    whole_ns = sum(budget_ns(plan, row) for row in ROW_NAMES)
    assert 0.7 * limit_s * S < whole_ns < 0.95 * limit_s * S


def test_a_row_alone_gets_no_more_than_among_all() -> None:
    alone, among = make_plan(rows=("gil",)), make_plan(rows=ROW_NAMES)
    assert budget_ns(alone, "gil") == budget_ns(among, "gil")
