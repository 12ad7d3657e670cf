from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import MISSING, fields
from importlib.resources import files
from typing import Any

import pytest

from gilbench.comparison import (
    Cell,
    Claim,
    Evidence,
    Fact,
    FactsFindings,
    FactsPlan,
    Figure,
    Row,
    Table,
    TableLine,
    Way,
)
from gilbench.evidence import CheckFindings, Controls, Scaling, SizeFinding, Target, Threshold
from gilbench.model import CaseFinding, Ceiling, Environment, Findings, Losses, Stop
from gilbench.results import check_findings_to_json, facts_findings_to_json, findings_to_json
from gilbench.results.schema import SCHEMAS, check_schema, facts_schema, findings_schema
from gilbench.results.shape import LIMITS


@pytest.mark.parametrize("name", SCHEMAS)
def test_shipped_schema_is_the_generated_one(name: str) -> None:
    shipped = files("gilbench.results").joinpath(f"{name}.schema.json").read_text("utf-8")

    assert json.loads(shipped) == SCHEMAS[name](), (
        f"python -m gilbench.results.schema {name} > src/gilbench/results/{name}.schema.json"
    )


def printed(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "gilbench.results.schema", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", SCHEMAS)
def test_schema_is_printed_by_name_without_a_warning(name: str) -> None:
    done = printed(name)

    assert json.loads(done.stdout) == SCHEMAS[name]()
    assert (done.returncode, done.stderr) == (0, "")


def test_schema_of_a_run_is_printed_without_a_name() -> None:
    assert json.loads(printed().stdout) == findings_schema()


def test_other_name_is_told_which_there_are() -> None:
    done = printed("env")

    assert (done.returncode, done.stdout) == (2, "")
    assert all(name in done.stderr.splitlines()[-1] for name in SCHEMAS)


@pytest.mark.parametrize(
    ("schema", "shapes"),
    [
        (findings_schema(), (Findings, CaseFinding, Ceiling, Losses, Environment, Stop)),
        (
            check_schema(),
            (CheckFindings, SizeFinding, Scaling, Controls, Target, Threshold, Environment),
        ),
        (
            facts_schema(),
            (
                *(FactsFindings, FactsPlan, Row, Cell, Figure, Evidence, Fact, Claim, Table),
                *(TableLine, Environment, Stop),
            ),
        ),
    ],
    ids=SCHEMAS,
)
def test_every_field_is_known_and_required_unless_it_came_later(
    schema: dict[str, Any], shapes: tuple[Any, ...]
) -> None:
    definitions = schema["$defs"]

    for shape in shapes:
        known = fields(shape)
        first = [f for f in known if f.default is MISSING and f.default_factory is MISSING]
        required = definitions[shape.__name__].get("required", [])
        assert required == [field.name for field in first]
        assert list(definitions[shape.__name__]["properties"]) == [field.name for field in known]


def lacking(data: Any, part: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    """Return what `part` of the schema requires and the data does not have."""
    if "$ref" in part:
        return lacking(data, schema["$defs"][part["$ref"].rsplit("/", 1)[1]], schema)
    if "anyOf" in part:
        return [] if data is None else lacking(data, part["anyOf"][0], schema)
    if "additionalProperties" in part:
        item = part["additionalProperties"]
        return [name for value in data.values() for name in lacking(value, item, schema)]
    if "items" in part:
        return [name for item in data for name in lacking(item, part["items"], schema)]
    parts = part.get("properties", {})
    return [
        *(name for name in part.get("required", ()) if name not in data),
        *(n for name in parts if name in data for n in lacking(data[name], parts[name], schema)),
    ]


def test_example_has_what_the_schema_requires(findings: Findings) -> None:
    schema = findings_schema()
    example = json.loads(findings_to_json(findings))

    assert lacking(example, schema, schema) == []
    del example["cases"][0]["losses"]["gil_wait"]
    assert lacking(example, schema, schema) == ["gil_wait"]


def test_example_of_a_check_has_what_the_schema_requires(check_findings: CheckFindings) -> None:
    schema = check_schema()
    example = json.loads(check_findings_to_json(check_findings))

    assert lacking(example, schema, schema) == []
    del example["sizes"][1]["threads"]["low"]
    assert lacking(example, schema, schema) == ["low"]


def test_example_of_a_comparison_has_what_the_schema_requires(
    facts_findings: FactsFindings,
) -> None:
    schema = facts_schema()
    example = json.loads(facts_findings_to_json(facts_findings))

    assert lacking(example, schema, schema) == []
    del example["rows"][0]["columns"]["thread"]["figure"]["unit"]
    assert lacking(example, schema, schema) == ["unit"]


def test_columns_are_ways() -> None:
    columns = facts_schema()["$defs"]["Row"]["properties"]["columns"]

    assert columns["propertyNames"] == {"enum": [way.value for way in Way]}


def test_readers_may_meet_fields_that_they_do_not_know() -> None:
    assert "additionalProperties" not in findings_schema()["$defs"]["CaseFinding"]


def test_limits_are_part_of_the_schema() -> None:
    definitions = findings_schema()["$defs"]

    assert definitions["CaseFinding"]["properties"]["workers"] == {"type": "integer", "minimum": 1}
    assert definitions["Environment"]["properties"]["physical_cpus"]["anyOf"] == [
        {"type": "integer", "minimum": 1},
        {"type": "null"},
    ]


def test_limits_name_fields_that_exist() -> None:
    for shape, limits in LIMITS.items():
        assert limits.keys() <= {field.name for field in fields(shape)}, shape


def test_shares_have_limits_where_they_stand_and_other_estimates_none() -> None:
    definitions = check_schema()["$defs"]
    share, _null = definitions["Controls"]["properties"]["hold"]["anyOf"]

    assert share["$ref"] == "#/$defs/Estimate"
    assert share["properties"]["value"] == {"minimum": 0, "maximum": 1}
    assert definitions["Estimate"]["properties"]["value"] == {"type": "number"}
