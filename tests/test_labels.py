from __future__ import annotations

from dataclasses import dataclass

import pytest

from gilbench.labels import labels_of
from gilbench.workloads import find


@dataclass(frozen=True)
class Point:
    workload: str
    grain_ns: int


def test_a_workload_with_one_grain_is_called_by_its_text() -> None:
    points = [Point("spin", 10**6), Point("spin", 10**6), Point("mix:share=0.5", 10**5)]
    assert [*map(labels_of(points), points)] == ["spin", "spin", "mix:share=0.5"]


def test_several_grains_are_told_apart() -> None:
    points = [Point("spin", 10**6), Point("spin", 10**5), Point("triad", 10**5)]
    assert [*map(labels_of(points), points)] == ["spin:grain=1ms", "spin:grain=100us", "triad"]


@pytest.mark.parametrize("workload", ["spin", "mix:share=0.5"])
@pytest.mark.parametrize("grain_ns", [100, 1500, 10**6, 2_500_000_000, 60 * 10**9])
def test_a_label_is_what_asks_for_it(workload: str, grain_ns: int) -> None:
    label = labels_of([Point(workload, grain_ns), Point(workload, 1000)])
    found = find(label(Point(workload, grain_ns)))
    assert (found.text, found.grain_ns) == (workload, grain_ns)


def test_what_is_not_among_them_is_called_by_its_text() -> None:
    assert labels_of([])(Point("spin", 1000)) == "spin"
