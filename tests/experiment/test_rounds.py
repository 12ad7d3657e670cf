from __future__ import annotations

import itertools
import random
from collections import Counter
from typing import TYPE_CHECKING

from gilbench.experiment.rounds import parts_of, shuffled

if TYPE_CHECKING:
    from collections.abc import Callable

    from gilbench.model import Case


def cases_of(make_case: Callable[..., Case]) -> list[Case]:
    return [
        make_case(backend, 1, workload=workload, grain_ns=grain_ns)
        for backend in ("serial", "threads", "native")
        for workload in ("spin", "python")
        for grain_ns in (1000, 2000)
    ]


def test_a_part_is_one_workload_at_one_grain(make_case: Callable[..., Case]) -> None:
    cases = cases_of(make_case)
    parts = parts_of(cases)
    assert list(parts) == [("spin", 1000), ("spin", 2000), ("python", 1000), ("python", 2000)]
    assert [case for part in parts.values() for case in part] != cases
    assert Counter(case for part in parts.values() for case in part) == Counter(cases)


def test_parts_and_their_cases_come_in_any_order_but_a_part_stays_together(
    make_case: Callable[..., Case],
) -> None:
    cases, order = cases_of(make_case), random.Random(4)
    seen = [shuffled(cases, order) for _ in range(30)]
    assert len({tuple(round) for round in seen}) == 30
    for round in seen:
        assert Counter(round) == Counter(cases)
        changes = sum(
            (one.workload, one.grain_ns) != (next.workload, next.grain_ns)
            for one, next in itertools.pairwise(round)
        )
        assert changes == 3
