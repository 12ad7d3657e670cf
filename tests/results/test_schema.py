from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import MISSING, fields
from importlib.resources import files
from typing import Any

from gilbench.model import CaseFinding, Ceiling, Environment, Findings, Losses, Stop
from gilbench.results import findings_to_json
from gilbench.results.schema import findings_schema
from gilbench.results.shape import LIMITS


def test_shipped_schema_is_the_generated_one() -> None:
    shipped = files("gilbench.results").joinpath("findings.schema.json").read_text("utf-8")

    assert json.loads(shipped) == findings_schema(), (
        "python -m gilbench.results.schema > src/gilbench/results/findings.schema.json"
    )


def test_schema_is_printed_without_a_warning() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "gilbench.results.schema"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(done.stdout) == findings_schema()
    assert done.stderr == ""


def test_every_field_is_known_and_required_unless_it_came_later() -> None:
    definitions = findings_schema()["$defs"]

    for shape in (Findings, CaseFinding, Ceiling, Losses, Environment, Stop):
        known = fields(shape)
        first = [f for f in known if f.default is MISSING and f.default_factory is MISSING]
        assert definitions[shape.__name__]["required"] == [field.name for field in first]
        assert list(definitions[shape.__name__]["properties"]) == [field.name for field in known]


def test_example_has_what_the_schema_requires(findings: Findings) -> None:
    schema = findings_schema()

    def lacking(data: Any, part: dict[str, Any]) -> list[str]:
        if "$ref" in part:
            return lacking(data, schema["$defs"][part["$ref"].rsplit("/", 1)[1]])
        if "anyOf" in part:
            return [] if data is None else lacking(data, part["anyOf"][0])
        if "items" in part:
            return [name for item in data for name in lacking(item, part["items"])]
        if "properties" in part:
            missing = [name for name in part["required"] if name not in data]
            present = part["properties"].keys() & data.keys()
            return [
                *missing,
                *(n for name in present for n in lacking(data[name], part["properties"][name])),
            ]
        return []

    example = json.loads(findings_to_json(findings))
    assert lacking(example, schema) == []
    del example["cases"][0]["losses"]["gil_wait"]
    assert lacking(example, schema) == ["gil_wait"]


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
