from __future__ import annotations

import pytest

from benches import MS, FakeBench
from comparisons import make_plan
from gilbench.comparison import ROW_NAMES, Trial, Way
from gilbench.studies.comparison.creation.course import CREATIONS, course


def run(
    bench: FakeBench,
    *,
    budget_ns: int = 0,
    quick: bool = False,
    imports: tuple[str, ...] = (),
) -> list[Trial]:
    plan = make_plan(rows=("creation",), quick=quick, imports=imports)
    trials = list(course("creation", plan, bench, budget_ns, bench.clock))
    assert trials == bench.asked
    return trials


def test_all_is_tried_once_in_any_case() -> None:
    trials = run(FakeBench())
    for name in ("cycle", "task", "pool", "growth"):
        assert sorted(str(trial.way) for trial in trials if trial.name == name) == sorted(Way)
    grown = [trial for trial in trials if trial.name == "growth"]
    assert trials[-5:] == grown
    assert {trial.parameters["creations"] for trial in grown} == {CREATIONS}
    assert all(int(trial.parameters["span_ns"]) > 0 for trial in trials)


def test_short_trials_fill_the_budget() -> None:
    trials = run(FakeBench(trial_ns=10 * MS), budget_ns=600 * MS)
    rounds = [trial.round for trial in trials if trial.name == "pool"]
    assert sorted(set(rounds)) == [0, 2, 3]


@pytest.mark.parametrize("quick", [False, True])
def test_starts_and_growth_are_alone_but_in_a_hurry(quick: bool) -> None:
    bench = FakeBench()
    run(bench, quick=quick)
    alone = {trial.name for trial, fresh in zip(bench.asked, bench.fresh, strict=True) if fresh}
    assert alone == (set() if quick else {"cycle", "growth"})


def test_quick_trials_are_shorter() -> None:
    spans = [
        {trial.name: int(trial.parameters["span_ns"]) for trial in run(FakeBench(), quick=quick)}
        for quick in (False, True)
    ]
    assert all(spans[0][name] >= 2 * spans[1][name] for name in spans[0])


def test_growth_takes_less_time_where_the_whole_table_has_to_come() -> None:
    spans = []
    for rows in (("creation",), ROW_NAMES):
        bench = FakeBench()
        list(course("creation", make_plan(rows=rows), bench, 0, bench.clock))
        (span_ns,) = {t.parameters["span_ns"] for t in bench.asked if t.name == "growth"}
        spans.append(span_ns)
    assert spans == [1_500 * MS, 1_000 * MS]


def test_imports_are_tried_with_every_way_alone() -> None:
    bench = FakeBench()
    trials = run(bench, imports=("json", "http.client"))
    laden = [
        (str(trial.way), fresh)
        for trial, fresh in zip(trials, bench.fresh, strict=True)
        if trial.parameters.get("imports") == "json,http.client"
    ]
    assert sorted(laden) == sorted((str(way), True) for way in Way)
    assert not any("imports" in trial.parameters for trial in run(FakeBench()))
