from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest

from comparisons import make_plan
from gilbench.comparison import ROW_NAMES, Parameter, Trial, Way
from gilbench.errors import InputError
from gilbench.model import Status
from gilbench.studies.analysis.estimates import LEAST_ROUNDS
from gilbench.studies.comparison.io_bound.course import course
from gilbench.studies.comparison.io_bound.kinds import (
    CURVES,
    HTTP,
    HTTPX,
    MANY,
    POSTGRES,
    READ,
    SOCKET,
)
from gilbench.trials.io_bound.schedule import Entry, read_schedule

from .conftest import PROCESS, done

MS = 1_000_000
S = 1_000 * MS


@dataclass
class FakeLaboratory:
    """Answers after a time that a fake clock tells; some ways are not here."""

    trial_ns: int = 100 * MS
    bad: dict[Way | None, Status] = field(default_factory=dict)
    error: Exception | None = None
    error_from: int = 0
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
        if self.error is not None and len(self.asked) >= self.error_from:
            raise self.error
        assert not fresh
        self.now_ns += self.trial_ns
        status = self.bad.get(way, Status.OK)
        trial = done(way, name=name, parameters=parameters, round=round, status=status)
        self.asked.append(trial)
        return trial


def run(
    laboratory: FakeLaboratory,
    *,
    quick: bool = False,
    postgres: bool = False,
    budget_ns: int = 5 * S,
) -> list[Trial]:
    plan = make_plan(quick=quick, postgres=postgres)
    clock = lambda: laboratory.now_ns  # noqa: E731
    return list(course("io-bound", plan, laboratory, budget_ns, clock))


def entries(trial: Trial) -> list[Entry]:
    return list(read_schedule(str(trial.parameters["schedule"])))


def test_all_ways_come_once_whatever_they_cost() -> None:
    trials = run(FakeLaboratory(trial_ns=3 * S))
    assert Counter(trial.way for trial in trials) == dict.fromkeys([None, *Way], 1)
    assert {trial.round for trial in trials} == {0}


def test_then_come_those_that_differ_while_they_end_in_time() -> None:
    laboratory = FakeLaboratory()
    trials = run(laboratory, budget_ns=1_750 * MS)
    assert trials == laboratory.asked
    # Six of 100 ms, and then eleven more: the next one would end too late.
    assert laboratory.now_ns == 1_700 * MS
    again = [trial.way for trial in trials if trial.round == 1]
    assert Counter(again) == dict.fromkeys([Way.THREAD, Way.INTERPRETER, PROCESS, None], 1)
    assert {trial.round for trial in trials} == {0, 1, 2, 3}


def test_the_order_is_another_in_each_round() -> None:
    trials = run(FakeLaboratory(trial_ns=10 * MS), budget_ns=S)
    rounds = {trial.round for trial in trials[:-4]} - {0}
    orders = {tuple(trial.way for trial in trials if trial.round == round) for round in rounds}
    assert len(orders) > 3


def test_what_is_not_here_is_not_tried_again() -> None:
    trials = run(FakeLaboratory(bad={Way.INTERPRETER: Status.UNAVAILABLE}))
    assert [trial.round for trial in trials if trial.way is Way.INTERPRETER] == [0]
    assert len([trial for trial in trials if trial.way is Way.THREAD]) > 5


def test_where_nothing_works_it_ends() -> None:
    bad: dict[Way | None, Status] = dict.fromkeys([None, *Way], Status.FAILED)
    assert len(run(FakeLaboratory(bad=bad))) == 6


def test_a_clock_that_stands_still_does_not_keep_it_for_ever() -> None:
    assert 100 < len(run(FakeLaboratory(trial_ns=0))) < 500


def test_every_kind_is_tried_by_every_number_of_workers_and_beside_one_that_computes() -> None:
    tried = {trial.way: entries(trial) for trial in run(FakeLaboratory(trial_ns=3 * S))}
    for way in (Way.THREAD, Way.INTERPRETER, PROCESS, None):
        names = {entry.name for entry in tried[way]}
        assert {f"{kind} {count}" for kind in CURVES for count in (1, 2, 4, 8)} <= names
        assert {f"{HTTP} 2+1", f"{READ} 2+1"} <= names
    for way in (Way.THREAD, None):
        assert {f"{SOCKET} 8", f"{HTTPX} 8", f"{MANY} 32"} <= {each.name for each in tried[way]}
    for way in {Way.FORK, Way.FORKSERVER, Way.SPAWN} - {PROCESS}:
        assert [entry.name for entry in tried[way]] == [f"{HTTP} 8"]


@pytest.mark.parametrize("quick", [False, True])
def test_the_headline_has_enough_windows_for_an_interval(quick: bool) -> None:
    count = 4 if quick else 8
    for trial in run(FakeLaboratory(trial_ns=3 * S), quick=quick):
        (headline,) = [entry for entry in entries(trial) if entry.name == f"{HTTP} {count}"]
        assert headline.times >= 6


def test_a_hurry_tries_threads_processes_and_asyncio_with_less() -> None:
    trials = run(FakeLaboratory(trial_ns=3 * S), quick=True)
    assert {trial.way for trial in trials} == {Way.THREAD, PROCESS, None}
    kinds = {entry.kind for trial in trials for entry in entries(trial)}
    assert kinds == {HTTP, READ, SOCKET}
    spans_ms = [sum(entry.span_ms * entry.times for entry in entries(trial)) for trial in trials]
    assert max(spans_ms) < 500


def test_a_server_of_the_user_s_is_asked_before_all_else() -> None:
    trials = run(FakeLaboratory(trial_ns=3 * S), postgres=True)
    first = trials[:4]
    assert {trial.name for trial in first} == {"postgres"}
    assert [trial.way for trial in first] == [Way.THREAD, Way.INTERPRETER, PROCESS, None]
    assert {entry.name for entry in entries(first[0])} == {f"{POSTGRES} 1", f"{POSTGRES} 8"}
    assert {trial.name for trial in trials[4:]} == {"requests"}


def test_where_all_rows_have_to_come_in_time_no_subinterpreter_loads_psycopg() -> None:
    plan = make_plan(rows=ROW_NAMES, postgres=True)
    laboratory = FakeLaboratory(trial_ns=3 * S)
    trials = list(course("io-bound", plan, laboratory, 5 * S, lambda: laboratory.now_ns))
    asked = [trial.way for trial in trials if trial.name == "postgres"]
    assert asked == [Way.THREAD, PROCESS, None]
    assert Way.INTERPRETER in {trial.way for trial in trials}


def test_the_user_s_server_is_asked_in_every_round() -> None:
    trials = run(FakeLaboratory(), postgres=True, budget_ns=3 * S)
    rounds = {
        name: Counter(trial.way for trial in trials if trial.name == name and trial.round)
        for name in ("postgres", "requests")
    }
    ways = {Way.THREAD, Way.INTERPRETER, PROCESS, None}
    assert rounds["postgres"].keys() == rounds["requests"].keys() == ways
    # The last round may end anywhere.
    assert all(abs(rounds["postgres"][way] - rounds["requests"][way]) <= 1 for way in ways)
    assert {trial.name for trial in trials if trial.round == 1} == {"postgres", "requests"}


def test_the_user_s_server_has_enough_windows_for_an_interval() -> None:
    trials = run(FakeLaboratory(trial_ns=3 * S), postgres=True)
    for trial in trials[:4]:
        assert all(entry.times >= LEAST_ROUNDS for entry in entries(trial))


def test_a_hurry_asks_the_user_s_server_in_the_same_ways_as_all_else() -> None:
    trials = run(FakeLaboratory(trial_ns=3 * S), quick=True, postgres=True)
    assert [trial.way for trial in trials[:3]] == [Way.THREAD, PROCESS, None]
    assert [trial.name for trial in trials] == ["postgres"] * 3 + ["requests"] * 3
    for trial in trials[:3]:
        assert [entry.workers for entry in entries(trial)] == [4]
        assert all(entry.times >= LEAST_ROUNDS for entry in entries(trial))


@pytest.mark.parametrize("told", [1, 12])
def test_once_it_has_answered_a_refusal_is_that_way_s_and_the_rest_goes_on(told: int) -> None:
    @dataclass
    class Moody(FakeLaboratory):
        def trial(self, row: str, name: str, way: Way | None, **given: Any) -> Trial:
            self.error = InputError("PostgreSQL refuses: no more") if name == "postgres" else None
            return super().trial(row, name, way, **given)

    laboratory = Moody(error_from=told)
    trials = run(laboratory, postgres=True)
    refused = [trial for trial in trials if trial.status is not Status.OK]
    assert refused
    assert {trial.name for trial in refused} == {"postgres"}
    assert {trial.status for trial in refused} == {Status.FAILED}
    assert {trial.reason for trial in refused} == {"PostgreSQL refuses: no more"}
    assert all(entries(trial)[0].kind == POSTGRES for trial in refused)
    # Who was refused once is not asked again.
    assert len({trial.way for trial in refused}) == len(refused)
    assert [trial for trial in trials[-4:] if trial.name == "requests"]


def test_that_it_does_not_answer_is_told_at_once() -> None:
    laboratory = FakeLaboratory(error=InputError("PostgreSQL does not answer: no"))
    with pytest.raises(InputError, match="does not answer"):
        run(laboratory, postgres=True)
