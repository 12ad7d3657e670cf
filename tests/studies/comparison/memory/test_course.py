from __future__ import annotations

import pytest

from benches import MS, FakeBench, S
from comparisons import make_plan
from gilbench.comparison import Trial, Way
from gilbench.studies.comparison.memory.course import course


def run(
    bench: FakeBench, *, budget_ns: int = 0, quick: bool = False, imports: tuple[str, ...] = ()
) -> list[Trial]:
    plan = make_plan(rows=("memory",), quick=quick, imports=imports, workers=3)
    trials = list(course("memory", plan, bench, budget_ns, bench.clock))
    assert trials == bench.asked
    return trials


def ways_of(trials: list[Trial], name: str) -> set[Way | None]:
    return {trial.way for trial in trials if trial.name == name}


def test_one_pass_over_all_there_is_in_any_case() -> None:
    trials = run(FakeBench())
    assert ways_of(trials, "cost") == ways_of(trials, "sight") == ways_of(trials, "array") == {*Way}
    assert ways_of(trials, "copying") == {Way.FORK}
    assert len(trials) == 16
    assert all(trial.parameters["workers"] == 3 for trial in trials if trial.name == "cost")


@pytest.mark.parametrize("quick", [False, True])
def test_what_would_find_what_others_left_is_alone(quick: bool) -> None:
    bench = FakeBench()
    run(bench, quick=quick)
    alone = {
        (trial.name, trial.way)
        for trial, fresh in zip(bench.asked, bench.fresh, strict=True)
        if fresh
    }
    always = {("cost", Way.THREAD), ("cost", Way.INTERPRETER)}
    assert alone == always | (set() if quick else {("cost", Way.FORK), ("copying", Way.FORK)})


def test_costs_come_first_to_six_then_all_else_again() -> None:
    trials = run(FakeBench(trial_ns=10 * MS), budget_ns=6 * S // 10)
    rounds = [
        {trial.name for trial in trials if trial.round == round}
        for round in range(1 + max(trial.round for trial in trials))
    ]
    rest = {"copying", "sight", "array"}
    assert rounds == [{"cost"}, rest, *[{"cost"}] * 5, rest, {"cost"}]


def test_quick_tries_less_and_smaller() -> None:
    trials, quick = run(FakeBench()), run(FakeBench(), quick=True)
    assert ways_of(quick, "array") == {Way.FORK, Way.SPAWN}
    for name in ("array", "copying"):
        largest = [
            max(int(trial.parameters["bytes"]) for trial in each if trial.name == name)
            for each in (trials, quick)
        ]
        assert largest[0] >= 2 * largest[1]


def test_imports_are_tried_with_every_way_alone() -> None:
    bench = FakeBench()
    trials = run(bench, imports=("json", "http.client"))
    laden = [
        (trial, fresh)
        for trial, fresh in zip(trials, bench.fresh, strict=True)
        if trial.name == "cost" and "imports" in trial.parameters
    ]
    assert all(fresh for _, fresh in laden)
    assert all(trial.parameters["imports"] == "json,http.client" for trial, _ in laden)
    before = [trial.way for trial, _ in laden if trial.parameters.get("before")]
    assert before == [Way.FORK]
    assert sorted(str(trial.way) for trial, _ in laden) == sorted([*map(str, Way), "fork"])
