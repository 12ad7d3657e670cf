"""The published JSON Schemas of findings. `python -m gilbench.results.schema NAME` prints one.

They ship as `findings.schema.json` (of a run), `check.schema.json` and `facts.schema.json`, for
readers that have no Python. Imported by no other module of this package, so that it can run by
`-m`.
"""

from __future__ import annotations

import argparse
import json
import sys
from inspect import cleandoc
from typing import TYPE_CHECKING, Any, Final

from gilbench import comparison, evidence, model
from gilbench.results.shape import schema_of

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["SCHEMAS", "check_schema", "facts_schema", "findings_schema"]


def findings_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of what `findings_to_json` writes."""
    return _published(model.Findings)


def check_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of what `check_findings_to_json` writes."""
    return _published(evidence.CheckFindings)


def facts_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of what `facts_findings_to_json` writes."""
    return _published(comparison.FactsFindings)


def _published(shape: type) -> dict[str, Any]:
    schema = schema_of(shape, references=True)
    for name, definition in schema["$defs"].items():
        described = next(
            getattr(home, name) for home in (comparison, evidence, model) if hasattr(home, name)
        )
        definition["description"] = cleandoc(described.__doc__)
    return schema


SCHEMAS: Final[dict[str, Callable[[], dict[str, Any]]]] = {
    "findings": findings_schema,
    "check": check_schema,
    "facts": facts_schema,
}
"""By the names of the files, without `.schema.json`."""


def _main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m gilbench.results.schema", description="Prints a JSON Schema."
    )
    parser.add_argument("name", nargs="?", choices=SCHEMAS, default="findings")
    name: str = parser.parse_args().name
    sys.stdout.write(json.dumps(SCHEMAS[name](), indent=2) + "\n")


if __name__ == "__main__":
    _main()
