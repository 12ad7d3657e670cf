from __future__ import annotations

import json
from dataclasses import fields, replace

import pytest

from gilbench.errors import StoredFileError
from gilbench.model import CaseFinding, Ceiling, Estimate, Findings, Losses
from gilbench.results import findings_from_json, findings_to_json


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
        ('{"schema_version": 7}', "newer gilbench (schema 7, this one reads up to 1): upgrade"),
        ('{"schema_version": "1"}', "environment is missing"),
        ("\ud800", "it is not UTF-8 text"),
        ("[" * 200_000, "it is nested too deeply"),
    ],
)
def test_other_text_is_one_line(text: str, message: str) -> None:
    with pytest.raises(StoredFileError) as caught:
        findings_from_json(text)

    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
