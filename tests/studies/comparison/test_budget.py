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


@pytest.mark.parametrize(("quick", "less_s"), [(False, 2), (True, 1)])
def test_where_a_server_of_the_users_is_asked_that_takes_its_time(quick: bool, less_s: int) -> None:
    plans = [make_plan(rows=ROW_NAMES, quick=quick, postgres=asks) for asks in (False, True)]
    without_ns, with_ns = (sum(budget_ns(plan, row) for row in ROW_NAMES) for plan in plans)
    assert without_ns - with_ns == pytest.approx(less_s * S, abs=10)


def test_a_row_alone_gets_no_more_than_among_all() -> None:
    alone, among = make_plan(rows=("gil",)), make_plan(rows=ROW_NAMES)
    assert budget_ns(alone, "gil") == budget_ns(among, "gil")


def test_rows_that_took_longer_take_it_from_those_that_follow() -> None:
    plan = make_plan(rows=ROW_NAMES)
    whole_ns = sum(budget_ns(plan, row) for row in ROW_NAMES)
    last = ROW_NAMES[-1]
    usual_ns = budget_ns(plan, last)
    for early_ns in (0, usual_ns):
        assert budget_ns(plan, last, whole_ns - usual_ns - early_ns) == usual_ns
    assert budget_ns(plan, last, whole_ns - usual_ns * 3 // 4) == usual_ns * 3 // 4
    assert budget_ns(plan, last, 2 * whole_ns) == usual_ns * 2 // 3


def test_all_that_follow_bear_their_share_of_it() -> None:
    plan = make_plan(rows=ROW_NAMES)
    first, *others = ROW_NAMES
    late_ns = budget_ns(plan, first) + sum(budget_ns(plan, row) for row in others) // 4
    hurried_ns = budget_ns(plan, others[0], late_ns)
    assert hurried_ns == pytest.approx(budget_ns(plan, others[0]) * 3 / 4, rel=0.01)
