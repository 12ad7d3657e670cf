"""The JSON Schema of any class of the model, with the limits that later layers rely on.

mashumaro knows the types; `LIMITS` adds what a type cannot say. Both the check of what is loaded
and the published schemas of findings come from here.
"""

from __future__ import annotations

from typing import Any, Final

from gilbench.comparison import ROW_NAMES, FactsFindings, FactsPlan, Row, Trial
from gilbench.evidence import (
    Block,
    CheckFindings,
    CheckPlan,
    Controls,
    Observation,
    ShutOut,
    SizeFinding,
    Sizes,
    Threshold,
    Timing,
)
from gilbench.model import (
    Calibration,
    Case,
    CaseFinding,
    Environment,
    Failure,
    Findings,
    Plan,
    Reading,
    Sample,
    Status,
    Stop,
)

__all__ = ["LIMITS", "Schema", "schema_of"]

Schema = dict[str, Any]

_COUNT: Final[Schema] = {"minimum": 0}
_SOME: Final[Schema] = {"minimum": 1}
_POSITIVE: Final[Schema] = {"exclusiveMinimum": 0}
_NOT_EMPTY: Final[Schema] = {"minItems": 1}
_SEED: Final[Schema] = {"minimum": 0, "maximum": 2**64 - 1}
_ROW: Final[Schema] = {"enum": list(ROW_NAMES)}
_SHARE: Final[Schema] = {"minimum": 0, "maximum": 1}
_SHARE_ESTIMATE: Final[Schema] = {"properties": dict.fromkeys(("value", "low", "high"), _SHARE)}

# Without limits on purpose: differences between two clocks or two readings of a counter that may
# step back (`start_skew_ns`, `gil_wait_ns`, `steal_ticks`), and all signed shares.
LIMITS: Final[dict[type, dict[str, Schema]]] = {
    Case: {"workers": _SOME, "grain_ns": _COUNT},
    Plan: {
        "cases": _NOT_EMPTY,
        "budget_ns": _COUNT,
        "precision": _COUNT,
        "seed": _SEED,
    },
    Calibration: {
        "grain_ns": _COUNT,
        "units_per_call": _SOME,
        "ns_per_unit": _POSITIVE,
        "fixed_calls": _SOME,
    },
    Reading: {
        "worker": _COUNT,
        "units": _COUNT,
        "calls": _COUNT,
        "wall_ns": _COUNT,
        "cpu_ns": _COUNT,
        "run_queue_ns": _COUNT,
        "longest_wait_ns": _COUNT,
        "checksum": {"minimum": -(2**63), "maximum": 2**64 - 1},
    },
    Sample: {"round": _COUNT, "host": _COUNT, "elapsed_ns": _SOME, "readings": _NOT_EMPTY},
    Failure: {
        "round": _COUNT,
        "host": _COUNT,
        "status": {"enum": [Status.UNAVAILABLE.value, Status.FAILED.value]},
    },
    Stop: {"rounds": _COUNT, "hosts": _COUNT, "elapsed_ns": _COUNT},
    Environment: {
        "switch_interval_s": _POSITIVE,
        "cpus": _SOME,
        "physical_cpus": _SOME,
        "cgroup_quota_cpus": _POSITIVE,
        "cores": _SOME,
        "memory_bytes": _COUNT,
    },
    CaseFinding: {"workers": _SOME, "grain_ns": _COUNT, "samples": _COUNT, "rejected": _COUNT},
    Findings: {"schema_version": _SOME},
    Sizes: {"first": _COUNT, "last": _COUNT},
    CheckPlan: {"budget_ns": _COUNT, "timeout_ns": _COUNT, "seed": _SEED},
    Timing: {
        "size": _COUNT,
        "calls": _SOME,
        "call_ns": _SOME,
        "longest_ns": _COUNT,
        "cpu_share": _COUNT,
    },
    Block: {"calls": _SOME, "samples": _COUNT, "held": _COUNT, "detaches": _COUNT},
    Observation: {
        "size": _COUNT,
        "round": _COUNT,
        "calls": _SOME,
        "inside_ns": _COUNT,
        "asked": _COUNT,
        "kept_waiting": _COUNT,
    },
    ShutOut: {
        "size": _COUNT,
        "round": _COUNT,
        "calls": _SOME,
        "batch_ns": _SOME,
        "longest_call_ns": _COUNT,
        "waits": _COUNT,
        "granted": _COUNT,
        "typical_wait_ns": _COUNT,
        "longest_wait_ns": _COUNT,
        "queued_ns": _COUNT,
        "let_in": {"items": _COUNT},
    },
    Controls: {"hold": _SHARE_ESTIMATE, "release": _SHARE_ESTIMATE},
    SizeFinding: {"size": _COUNT, "held_share": _SHARE_ESTIMATE, "call_ns": _POSITIVE},
    Threshold: {"before": _COUNT, "size": _COUNT, "pays_from": _COUNT},
    CheckFindings: {
        "schema_version": _SOME,
        "held_share": _SHARE_ESTIMATE,
        "longest_hold_ns": _COUNT,
        "detaches_per_call": _COUNT,
        "call_ns": _POSITIVE,
    },
    FactsPlan: {"rows": {"minItems": 1, "items": _ROW}, "workers": _SOME, "seed": _SEED},
    Trial: {
        "row": _ROW,
        "round": _COUNT,
        "status": {
            "enum": [Status.OK.value, Status.UNAVAILABLE.value, Status.FAILED.value],
        },
    },
    Row: {"row": _ROW},
    FactsFindings: {"schema_version": _SOME},
}
"""JSON Schema keywords by class and field."""


def schema_of(shape: type, *, references: bool = False) -> Schema:
    """Return the JSON Schema (draft 2020-12) of the dataclass `shape`, as plain data.

    With `references` each class stands once under `$defs`, else where it is used. Objects may
    carry fields that the schema does not know: a later minor addition must not break a reader.
    """
    from mashumaro.jsonschema import build_json_schema

    schema = build_json_schema(shape, all_refs=references, with_dialect_uri=references).to_dict()
    limits = {owner.__name__: fields for owner, fields in LIMITS.items()}
    for part in _objects(schema):
        part.pop("additionalProperties", None)
        for field, keywords in limits.get(part["title"], {}).items():
            _limit(part["properties"][field], keywords)
    return schema


def _objects(schema: object) -> list[Schema]:
    """Return every schema of a dataclass within `schema`, itself included."""
    if isinstance(schema, list):
        return [found for part in schema for found in _objects(part)]
    if not isinstance(schema, dict):
        return []
    nested = [found for part in schema.values() for found in _objects(part)]
    return [schema, *nested] if "properties" in schema else nested


def _limit(schema: Schema, keywords: Schema) -> None:
    """Add `keywords` to a field's schema, or to its half that is not null."""
    _merge(schema.get("anyOf", [schema])[0], keywords)


def _merge(schema: Schema, keywords: Schema) -> None:
    """Add `keywords` to `schema`; those of an object's properties to what is there of each."""
    for keyword, value in keywords.items():
        if isinstance(value, dict):
            _merge(schema.setdefault(keyword, {}), value)
        else:
            schema[keyword] = value
