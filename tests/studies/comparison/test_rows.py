"""What every row must be able to do, whoever wrote it."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest

from comparisons import make_findings, make_plan
from environments import make_environment
from gilbench.comparison import ROW_NAMES, Outcome, Trial, Way
from gilbench.errors import StoredFileError
from gilbench.model import Status
from gilbench.report.comparison import report
from gilbench.report.glyphs import UNICODE
from gilbench.report.page import Page
from gilbench.results import StoredFacts, facts_findings_from_json, facts_findings_to_json
from gilbench.studies.comparison.rows import ROWS, chosen
from gilbench.studies.comparison.study import facts_findings


def test_the_rows_are_those_of_the_table_in_its_order() -> None:
    assert tuple(ROWS) == ROW_NAMES


@pytest.mark.parametrize("name", ROWS)
def test_a_row_says_what_it_asks_and_what_is_claimed(name: str) -> None:
    row = ROWS[name]
    assert row.name == name
    assert row.question.endswith("?")
    assert row.claim.endswith(".")


def unavailable(row: str, name: str, way: Way | None) -> Trial:
    return Trial(
        row=row,
        name=name,
        way=way,
        parameters={},
        round=0,
        status=Status.UNAVAILABLE,
        reason="not here",
    )


@pytest.mark.parametrize("quick", [False, True])
@pytest.mark.parametrize("name", ROWS)
def test_without_trials_a_row_is_inconclusive(name: str, quick: bool) -> None:
    plan = make_plan(rows=(name,), quick=quick)
    found = ROWS[name].find(plan, ())
    assert (found.row, found.question, found.claim) == (
        name,
        ROWS[name].question,
        ROWS[name].claim,
    )
    assert found.holds is Outcome.INCONCLUSIVE
    assert found.evidence.deciding.endswith(".")
    assert not any(cell.figure for cell in found.columns.values())
    findings = make_findings(found, plan=plan)
    assert json.loads(facts_findings_to_json(findings))["rows"][0]["row"] == name
    assert facts_findings_from_json(facts_findings_to_json(findings)) == findings
    assert report(findings, Page(width=80, glyphs=UNICODE))


@pytest.mark.parametrize("name", ROWS)
def test_trials_of_another_version_change_nothing_or_are_refused(name: str) -> None:
    stored = StoredFacts(
        environment=make_environment(),
        plan=make_plan(rows=(name,)),
        trials=tuple(unavailable(name, "later", way) for way in (None, *Way)),
        stop=None,
        notes=(),
    )
    with suppress(StoredFileError):
        (found,) = facts_findings(stored).rows
        assert found.holds is Outcome.INCONCLUSIVE


def test_nothing_named_is_all_of_them() -> None:
    assert chosen(()) == tuple(ROWS)
