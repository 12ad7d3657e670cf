from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import Any

import pytest

from edits import put_into
from gilbench.comparison import FactsFindings, Row, Unit, Way
from gilbench.errors import StoredFileError
from gilbench.evidence import CheckFindings, Controls, Scaling, SizeFinding, Threshold
from gilbench.model import CaseFinding, Ceiling, Estimate, Findings, Losses
from gilbench.results import (
    check_findings_from_json,
    check_findings_to_json,
    facts_findings_from_json,
    facts_findings_to_json,
    findings_from_json,
    findings_to_json,
)


def test_findings_survive_json(findings: Findings) -> None:
    assert findings_from_json(findings_to_json(findings)) == findings


def test_json_has_the_fields_of_the_findings_in_their_order(findings: Findings) -> None:
    data = json.loads(findings_to_json(findings))

    assert list(data) == [field.name for field in fields(Findings)]
    bitten, unavailable = data["cases"]
    assert list(bitten) == [field.name for field in fields(CaseFinding)]
    assert list(bitten["losses"]) == [field.name for field in fields(Losses)]
    assert bitten["mode"] == "hold"
    assert bitten["status"] == "ok"
    assert bitten["ceiling"] == {"value": 1.98, "low": 1.97, "high": 1.99, "source": "native"}
    assert bitten["losses"]["unexplained"] is None
    assert unavailable["speedup"] is unavailable["losses"] is None
    assert data["stop"]["reason"] == "budget"


def test_estimates_and_ceilings_come_back_as_such(findings: Findings) -> None:
    case = findings_from_json(findings_to_json(findings)).cases[0]

    assert type(case.ceiling) is Ceiling
    assert type(case.bite) is Estimate


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_number_that_is_not_finite_is_refused(findings: Findings, number: float) -> None:
    odd = replace(findings.cases[0], start_skew_ns=number)
    with pytest.raises(ValueError, match="not JSON compliant"):
        findings_to_json(replace(findings, cases=(odd,)))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "it is not JSON"),
        ("[]", "it is not a JSON object"),
        ("{}", "schema_version is missing"),
        ('{"schema_version": 7}', "newer gilbench (schema 7, this one reads up to 3): upgrade"),
        ('{"schema_version": "1"}', "environment is missing"),
        ("\ud800", "it is not UTF-8 text"),
        ("[" * 200_000, "it is nested too deeply"),
    ],
)
def test_other_text_is_one_line(text: str, message: str) -> None:
    for read in (findings_from_json, check_findings_from_json, facts_findings_from_json):
        with pytest.raises(StoredFileError) as caught:
            read(text)

        assert message in str(caught.value)
        assert "\n" not in str(caught.value)


def test_findings_of_a_check_survive_json(check_findings: CheckFindings) -> None:
    assert check_findings_from_json(check_findings_to_json(check_findings)) == check_findings


def test_findings_of_a_check_without_evidence_survive_json(check_findings: CheckFindings) -> None:
    bare = replace(
        check_findings,
        held_share=None,
        longest_hold_ns=None,
        detaches_per_call=None,
        call_ns=None,
        scaling=Scaling(threads=None, processes=None, reason=None),
        controls=Controls(hold=None, release=None),
        instrument=None,
        gil_reenabled=True,
        sizes=(),
        threshold=None,
        stop=None,
    )

    assert check_findings_from_json(check_findings_to_json(bare)) == bare


def test_json_of_a_check_has_the_fields_of_the_findings_in_their_order(
    check_findings: CheckFindings,
) -> None:
    data = json.loads(check_findings_to_json(check_findings))

    assert list(data) == [field.name for field in fields(CheckFindings)]
    assert list(data["sizes"][0]) == [field.name for field in fields(SizeFinding)]
    assert list(data["threshold"]) == [field.name for field in fields(Threshold)]
    assert data["verdict"] == "releases"
    assert data["instrument"] == "state sampler"
    assert data["held_share"] == {"value": 0.02, "low": 0.01, "high": 0.03}
    assert data["target"]["function"] is None


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("verdict",), "holding", "verdict must be one of holds, holds-switchable, partial, "),
        (("held_share", "high"), 1.5, "held_share.high must be from 0 to 1, not 1.5"),
        (("held_share", "low"), -0.1, "held_share.low must be from 0 to 1, not -0.1"),
        (("controls", "hold", "value"), 2, "controls.hold.value must be from 0 to 1, not 2"),
        (("sizes", 0, "held_share", "value"), 9, "sizes[0].held_share.value must be from 0 to 1"),
        (("sizes", 0, "call_ns"), 0, "sizes[0].call_ns must be above 0, not 0"),
        (("sizes", 1, "verdict"), None, "sizes[1].verdict must be one of holds, "),
        (("threshold", "size"), -1, "threshold.size must be from 0 to "),
        (("detaches_per_call",), -1, "detaches_per_call must be at least 0, not -1"),
        (("longest_hold_ns",), 0.5, "longest_hold_ns must be a whole number, not 0.5"),
        (("target",), "f", "target must be an object, not 'f'"),
    ],
)
def test_figure_of_a_check_that_does_not_fit_is_one_line(
    check_findings: CheckFindings, path: tuple[str | int, ...], value: object, message: str
) -> None:
    data: Any = json.loads(check_findings_to_json(check_findings))
    put_into(data, *path, value=value)

    with pytest.raises(StoredFileError) as caught:
        check_findings_from_json(json.dumps(data))

    assert f"does not hold findings of gilbench: {message}" in str(caught.value)


def test_speedup_is_no_share(check_findings: CheckFindings) -> None:
    read = check_findings_from_json(check_findings_to_json(check_findings))

    assert read.scaling.threads == Estimate(value=1.97, low=1.95, high=1.99)


def test_findings_of_a_comparison_survive_json(facts_findings: FactsFindings) -> None:
    assert facts_findings_from_json(facts_findings_to_json(facts_findings)) == facts_findings


def test_json_of_a_comparison_has_the_fields_of_the_findings_in_their_order(
    facts_findings: FactsFindings,
) -> None:
    data = json.loads(facts_findings_to_json(facts_findings))

    assert list(data) == [field.name for field in fields(FactsFindings)]
    memory, creation = data["rows"]
    assert list(memory) == [field.name for field in fields(Row)]
    assert list(creation["columns"]) == [way.value for way in Way]
    assert creation["columns"]["thread"] == {
        "figure": {"value": 38_000, "unit": "ns", "low": 37_100, "high": 38_900},
        "words": None,
        "ratio": None,
        "unavailable": None,
    }
    assert creation["columns"]["interpreter"]["unavailable"].startswith("a GIL for each")
    assert (creation["holds"], memory["holds"]) == ("holds", "depends")
    assert memory["evidence"]["claims"][0]["holds"] == "does not hold here"


def test_ways_and_units_come_back_as_such(facts_findings: FactsFindings) -> None:
    row = facts_findings_from_json(facts_findings_to_json(facts_findings)).rows[0]

    assert all(type(way) is Way for way in row.columns)
    assert row.columns[Way.FORK].figure
    assert type(row.columns[Way.FORK].figure.unit) is Unit


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("rows", 0, "row"), "speed", "rows[0].row must be one of memory, gil, creation, "),
        (("rows", 0, "holds"), "maybe", "rows[0].holds must be one of holds, does not hold here, "),
        (("rows", 0, "columns"), [], "rows[0].columns must be an object, not []"),
        (
            ("rows", 0, "columns", "threads"),
            {},
            "a key of rows[0].columns must be one of thread, interpreter, fork, forkserver, spawn,",
        ),
        (
            ("rows", 0, "columns", "thread", "figure", "unit"),
            "miles",
            "rows[0].columns.thread.figure.unit must be one of ns, B, /s, B/s, share, factor, cou",
        ),
        (
            ("rows", 0, "columns", "fork", "figure", "low"),
            "8",
            "rows[0].columns.fork.figure.low must be a number, not '8'",
        ),
        (("rows", 0, "evidence", "tables", 0, "headings"), "x", "headings must be a list, not 'x'"),
        (("plan", "rows"), [], "plan.rows must be a list of 1 or more, not []"),
        (("headline",), None, "headline must be text, not None"),
    ],
)
def test_figure_of_a_comparison_that_does_not_fit_is_one_line(
    facts_findings: FactsFindings, path: tuple[str | int, ...], value: object, message: str
) -> None:
    data: Any = json.loads(facts_findings_to_json(facts_findings))
    put_into(data, *path, value=value)

    with pytest.raises(StoredFileError) as caught:
        facts_findings_from_json(json.dumps(data))

    assert "does not hold findings of gilbench: " in str(caught.value)
    assert message in str(caught.value)
