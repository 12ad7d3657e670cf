from __future__ import annotations

from contextlib import closing

import psutil
import pytest

from comparisons import make_plan
from gilbench.comparison import Cell, Outcome, Trial, Way
from gilbench.model import Status
from gilbench.studies.comparison.laboratory import HostLaboratory
from gilbench.studies.comparison.races import RACES
from gilbench.studies.comparison.rows import ROWS

from .conftest import all_raced


def notes(trials: list[Trial], *, quick: bool = False) -> str:
    return "\n".join(RACES.find(make_plan(quick=quick), trials).evidence.notes)


def test_it_is_registered() -> None:
    assert ROWS["races"] is RACES


def test_what_is_found_is_a_row() -> None:
    row = RACES.find(make_plan(), all_raced())
    assert (row.row, row.claim) == ("races", "The GIL makes `x += 1` safe.")
    assert row.holds is Outcome.DOES_NOT_HOLD
    assert list(row.columns) == list(Way)
    assert len(row.evidence.facts) == 4
    assert len(row.evidence.tables) == 3
    assert len(row.evidence.claims) == 6
    assert RACES.find(make_plan(), all_raced()) == row


def test_of_nothing_nothing_is_found() -> None:
    row = RACES.find(make_plan(), [])
    assert row.holds is Outcome.INCONCLUSIVE
    assert set(row.columns.values()) == {Cell()}
    assert row.evidence.claims == ()


def test_a_reader_is_told_that_nothing_lost_is_no_proof() -> None:
    for trials in (all_raced(), all_raced(gil=False)):
        assert "no proof of safety" in notes(trials)


@pytest.mark.parametrize("gil", [True, False])
def test_a_reader_is_told_why(gil: bool) -> None:
    text = notes(all_raced(gil=gil))
    assert ("From Python 3.10 on" in text) is gil
    assert ("Without a GIL both threads" in text) is not gil
    assert "Subinterpreters share no object" in text
    without = [trial for trial in all_raced(gil=gil) if trial.way is not Way.INTERPRETER]
    assert "Subinterpreters" not in notes(without)


def test_what_a_hurry_leaves_out_is_said() -> None:
    assert "Quick:" in notes(all_raced(), quick=True)
    assert "Quick:" not in notes(all_raced())
    assert "Quick:" not in notes(all_raced(gil=False), quick=True)


@pytest.mark.slow
def test_a_hurried_run_settles_the_claim_and_leaves_nothing() -> None:
    plan = make_plan(quick=True)
    before = set(psutil.Process().children(recursive=True))
    with closing(HostLaboratory(plan.seed)) as laboratory:
        trials = list(RACES.measure(plan, laboratory, 1_000_000_000))
    assert set(psutil.Process().children(recursive=True)) == before
    reasons = [trial.reason for trial in trials if trial.status is Status.FAILED]
    assert reasons == []
    assert {trial.way for trial in trials} == set(Way)
    row = RACES.find(plan, trials)
    assert row.holds is Outcome.DOES_NOT_HOLD
    holds = {claim.claim: claim.holds for claim in row.evidence.claims}
    assert holds["list.append is thread-safe."] is Outcome.HOLDS
    safety = "A lock, an atomic or a message for each update loses nothing."
    assert holds[safety] is Outcome.HOLDS
