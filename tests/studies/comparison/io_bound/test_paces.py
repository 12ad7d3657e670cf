from __future__ import annotations

import pytest

from gilbench.comparison import Way
from gilbench.model import Status
from gilbench.studies.comparison.io_bound.kinds import HTTP, HTTPX, READ, SYNC
from gilbench.studies.comparison.io_bound.paces import Paces, Work

from .conftest import PLAN, PROCESS, absent, all_ways, done

EIGHT = Work(kind=HTTP, workers=8)


def test_figures_are_looked_up_by_work_and_way() -> None:
    paces = Paces(plan=PLAN, trials=list(all_ways(fork={"times": {HTTP: 0.5}})))
    rate = paces.rate(Way.THREAD, EIGHT)
    assert rate is not None
    assert (rate.firm, rate.value) == (True, pytest.approx(1440, rel=0.03))
    assert rate.low < rate.value < rate.high
    forked = paces.rate(Way.FORK, EIGHT)
    assert forked is not None
    assert forked.value == pytest.approx(720, rel=0.03)
    usual, slow = paces.usual(None, EIGHT), paces.slow(None, EIGHT)
    cpu = paces.cpu(None, EIGHT)
    assert usual is not None
    assert slow is not None
    assert cpu is not None
    assert usual.value == pytest.approx(5.6e6, rel=0.03)
    assert slow.value == pytest.approx(11.1e6, rel=0.03)
    assert cpu.value == pytest.approx(1e5, rel=0.03)
    assert paces.rate(Way.THREAD, Work(kind=HTTP, workers=3)) is None


def test_beside_one_that_computes_is_another_work() -> None:
    assert Work(kind=HTTP, workers=2).name == f"{HTTP} 2"
    assert Work(kind=HTTP, workers=2, beside=True).name == f"{HTTP} 2+1"


def test_rounds_count_together_but_for_those_that_failed() -> None:
    trials = [
        done(Way.THREAD),
        done(Way.THREAD, round=1, times={HTTP: 3}),
        done(Way.THREAD, round=2, times={HTTP: 100}, status=Status.FAILED),
    ]
    rate = Paces(plan=PLAN, trials=trials).rate(Way.THREAD, EIGHT)
    assert rate is not None
    assert rate.value == pytest.approx(2880, rel=0.05)
    assert rate.high < 4500


def test_the_numbers_of_workers_are_those_of_all_trials_alone() -> None:
    paces = Paces(plan=PLAN, trials=list(all_ways()))
    assert paces.counts(READ) == [1, 2, 4, 8]
    assert paces.counts("nothing") == []


def test_the_start_method_that_did_most_stands_for_processes() -> None:
    assert Paces(plan=PLAN, trials=list(all_ways())).process_way() is PROCESS
    assert Paces(plan=PLAN, trials=[done(Way.THREAD), done(Way.SPAWN)]).process_way() is Way.SPAWN
    assert Paces(plan=PLAN, trials=[done(Way.THREAD), absent(Way.FORK, "no")]).process_way() is None


@pytest.mark.parametrize(
    ("words", "gil"), [({"gil": "on"}, True), ({"gil": "off"}, False), ({}, None)]
)
def test_whether_there_was_a_gil_is_what_the_trials_say(
    words: dict[str, str], gil: bool | None
) -> None:
    trials = [absent(Way.INTERPRETER, "no", words={}), done(Way.THREAD, words=words)]
    assert Paces(plan=PLAN, trials=trials).gil() is gil


def test_why_something_lacks_is_the_trial_s_reason_or_the_kind_s() -> None:
    trials = [
        absent(Way.INTERPRETER, "needs Python 3.12"),
        done(Way.THREAD, words={HTTPX: "httpx is not installed"}),
    ]
    paces = Paces(plan=PLAN, trials=trials)
    assert paces.lacking(Way.INTERPRETER, SYNC) == "needs Python 3.12"
    assert paces.lacking(Way.THREAD, HTTPX) == "httpx is not installed"
    assert paces.lacking(Way.THREAD, HTTP) is None
    assert paces.lacking(Way.SPAWN, HTTP) is None
    assert [paces.tried(way) for way in (Way.INTERPRETER, Way.SPAWN, None)] == [True, False, False]
