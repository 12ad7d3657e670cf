from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import Any

import pytest

from gilbench.errors import StoredFileError
from gilbench.evidence import CheckFindings, Controls, Scaling, SizeFinding, Threshold
from gilbench.model import CaseFinding, Ceiling, Estimate, Findings, Losses
from gilbench.results import (
    check_findings_from_json,
    check_findings_to_json,
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
        ('{"schema_version": 7}', "newer gilbench (schema 7, this one reads up to 2): upgrade"),
        ('{"schema_version": "1"}', "environment is missing"),
        ("\ud800", "it is not UTF-8 text"),
        ("[" * 200_000, "it is nested too deeply"),
    ],
)
def test_other_text_is_one_line(text: str, message: str) -> None:
    for read in (findings_from_json, check_findings_from_json):
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
    place = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value

    with pytest.raises(StoredFileError) as caught:
        check_findings_from_json(json.dumps(data))

    assert f"does not hold findings of gilbench: {message}" in str(caught.value)


def test_speedup_is_no_share(check_findings: CheckFindings) -> None:
    read = check_findings_from_json(check_findings_to_json(check_findings))

    assert read.scaling.threads == Estimate(value=1.97, low=1.95, high=1.99)
