from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pytest

from comparisons import make_plan
from gilbench.comparison import Parameter, Trial, Way
from gilbench.model import Status
from gilbench.studies.comparison.races.course import course
from gilbench.studies.comparison.races.forms import CALLING, OF_MEMORY, OF_THREADS

from .conftest import raced

MS = 1_000_000
S = 1_000 * MS


@dataclass
class FakeLaboratory:
    """Answers that so much was lost, after a time that a fake clock tells."""

    lost: float = 0.25
    trial_ns: int = 100 * MS
    bad: dict[Way, Status] = field(default_factory=dict)
    now_ns: int = 0
    asked: list[Trial] = field(default_factory=list)

    def trial(
        self,
        row: str,
        name: str,
        way: Way | None,
        *,
        round: int = 0,
        fresh: bool = False,
        **parameters: Parameter,
    ) -> Trial:
        assert way is not None
        self.now_ns += self.trial_ns
        forms = dict.fromkeys(str(parameters["forms"]).split(), (self.lost, 50.0))
        status = self.bad.get(way, Status.OK)
        trial = raced(way, forms, parameters=parameters, round=round, status=status)
        self.asked.append(trial)
        return trial


def run(laboratory: FakeLaboratory, *, quick: bool = False, budget_ns: int = 5 * S) -> list[Trial]:
    plan = make_plan(quick=quick)
    clock = lambda: laboratory.now_ns  # noqa: E731
    return list(course("races", plan, laboratory, budget_ns, clock))


def test_rounds_of_all_ways_fill_the_budget() -> None:
    laboratory = FakeLaboratory()
    trials = run(laboratory)
    assert trials == laboratory.asked
    # Six trials of 100 ms in each round.
    assert laboratory.now_ns == 4_800 * MS
    assert Counter(trial.round for trial in trials) == dict.fromkeys(range(8), 6)
    for round in range(8):
        ways = [trial.way for trial in trials if trial.round == round]
        assert sorted(map(str, ways)) == sorted([*map(str, Way), "thread"])


@pytest.mark.parametrize(("gil", "span_ms"), [(True, 20), (False, 8)])
def test_threads_that_share_no_gil_need_not_wait_for_switches(
    gil: bool, span_ms: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gilbench.studies.comparison.races.course.gil_enabled", lambda: gil)
    trials = run(FakeLaboratory())
    spans = {trial.parameters["span_ns"] for trial in trials if trial.way is Way.THREAD}
    # Beside it, the one at a short switch interval.
    assert spans == {span_ms * MS, 8 * MS}


def test_the_order_is_another_in_each_round() -> None:
    trials = run(FakeLaboratory())
    orders = {tuple(trial.way for trial in trials if trial.round == round) for round in range(8)}
    assert len(orders) > 3


def test_two_rounds_come_whatever_they_cost_and_a_hurry_has_one() -> None:
    assert {trial.round for trial in run(FakeLaboratory(trial_ns=3 * S))} == {0, 1}
    hurried = run(FakeLaboratory(trial_ns=S), quick=True, budget_ns=S)
    assert [trial.round for trial in hurried] == [0] * 5


def test_every_form_is_raced_and_the_unsafe_ones_with_both_intervals() -> None:
    trials = run(FakeLaboratory(trial_ns=3 * S))
    forms = {
        (trial.way, trial.parameters["switch_ns"]): set(str(trial.parameters["forms"]).split())
        for trial in trials
    }
    assert forms[Way.THREAD, 0] == set(OF_THREADS)
    assert forms[Way.THREAD, 1000] == set(OF_THREADS) - {"lock", "atomic", "message"}
    assert forms[Way.FORK, 0] == set(OF_MEMORY) - {"view"}
    assert forms[Way.INTERPRETER, 0] == set(OF_MEMORY) - {"raw", "value"}
    laps = Counter[object]()
    for trial in trials:
        laps[trial.way, trial.parameters["switch_ns"]] += trial.parameters["laps"]  # type: ignore[assignment]
    # Fewer make no interval.
    assert set(laps.values()) == {6}


@pytest.mark.parametrize("status", [Status.UNAVAILABLE, Status.FAILED])
def test_what_cannot_be_had_is_asked_for_once(status: Status) -> None:
    trials = run(FakeLaboratory(bad={Way.INTERPRETER: status, Way.FORK: status}))
    ways = Counter(trial.way for trial in trials)
    assert ways[Way.INTERPRETER] == ways[Way.FORK] == 1
    assert ways[Way.SPAWN] > 5


def test_where_no_form_lost_anything_threads_race_again() -> None:
    *_, first, second, third = run(FakeLaboratory(lost=0.0))
    for trial in (first, second, third):
        assert (trial.way, trial.parameters["forms"]) == (Way.THREAD, " ".join(CALLING))
        assert trial.parameters["switch_ns"] == 0
    assert len({trial.round for trial in (first, second, third)}) == 3
    planned = run(FakeLaboratory())
    assert len(run(FakeLaboratory(lost=0.0))) == len(planned) + 3


def test_threads_that_cannot_be_had_do_not_race_again() -> None:
    trials = run(FakeLaboratory(bad=dict.fromkeys(Way, Status.FAILED)))
    assert Counter(trial.way for trial in trials) == dict.fromkeys(Way, 1) | {Way.THREAD: 2}
