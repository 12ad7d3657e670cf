"""The published JSON Schema of the findings. `python -m gilbench.results.schema` prints it.

It ships as `findings.schema.json`, for readers that have no Python. Imported by no other module
of this package, so that it can run by `-m`.
"""

from __future__ import annotations

import json
import sys
from inspect import cleandoc
from typing import Any

from gilbench import model
from gilbench.results.shape import schema_of

__all__ = ["findings_schema"]


def findings_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of what `findings_to_json` writes."""
    schema = schema_of(model.Findings, references=True)
    for name, definition in schema["$defs"].items():
        definition["description"] = cleandoc(getattr(model, name).__doc__)
    return schema


if __name__ == "__main__":
    sys.stdout.write(json.dumps(findings_schema(), indent=2) + "\n")
