from __future__ import annotations

from gilbench.comparison import Way
from gilbench.model import Mode
from gilbench.studies.comparison.kernel import Kernel

KERNEL = Kernel(
    name="spin-release", workload="spin", mode=Mode.RELEASE, ways=(Way.SPAWN, Way.THREAD)
)


def test_its_cases_are_one_worker_and_several_of_each_way() -> None:
    cases = KERNEL.cases(3)
    assert [(case.backend, case.workers) for case in cases] == [
        ("serial", 1),
        ("spawn", 3),
        ("threads", 3),
    ]
    assert {(case.workload, case.mode) for case in cases} == {("spin", Mode.RELEASE)}
    assert len({case.grain_ns for case in cases}) == 1


def test_it_is_not_undecided_unless_it_says_so() -> None:
    assert not KERNEL.undecided([])
