from __future__ import annotations

import pytest

from comparisons import make_plan
from gilbench import workloads
from gilbench.studies.comparison.io_bound.kinds import CURVES, LABELS, counts, most


@pytest.mark.parametrize("kind", LABELS)
def test_every_kind_is_a_workload_by_its_own_text(kind: str) -> None:
    assert workloads.find(kind).text == kind


def test_what_is_tried_by_any_number_has_a_label() -> None:
    assert set(CURVES) <= set(LABELS)


@pytest.mark.parametrize(
    ("workers", "quick", "expected"),
    [
        (2, False, [1, 2, 4, 8]),
        (3, False, [1, 2, 4, 8, 12]),
        (8, False, [1, 2, 4, 8, 16]),
        (64, False, [1, 2, 4, 8, 16]),
        (8, True, [1, 2, 4]),
    ],
)
def test_there_are_more_workers_than_cores_and_not_too_many(
    workers: int, quick: bool, expected: list[int]
) -> None:
    plan = make_plan(workers=workers, quick=quick)
    assert list(counts(plan)) == expected
    assert most(plan) == expected[-1]
