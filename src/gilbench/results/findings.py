"""Findings of runs, checks and comparisons as one JSON object, and back."""

from __future__ import annotations

import json
from typing import TypeVar

from gilbench.comparison import FactsFindings
from gilbench.errors import StoredFileError
from gilbench.evidence import CheckFindings
from gilbench.model import Findings
from gilbench.results.codec import decode, encode, parse
from gilbench.results.reader import check_version
from gilbench.results.validation import MisfitError

__all__ = [
    "check_findings_from_json",
    "check_findings_to_json",
    "facts_findings_from_json",
    "facts_findings_to_json",
    "findings_from_json",
    "findings_to_json",
]

F = TypeVar("F", Findings, CheckFindings, FactsFindings)


def findings_to_json(findings: Findings) -> str:
    """Return the `findings` of a run as one JSON object, as `findings.schema.json` describes it.

    Raises ValueError for a number that is not finite.
    """
    return _to_json(findings)


def findings_from_json(text: str) -> Findings:
    """Return the findings that `text`, from `findings_to_json`, spells.

    Raises `StoredFileError` where it is something else, or of a newer schema.
    """
    return _from_json(text, Findings)


def check_findings_to_json(findings: CheckFindings) -> str:
    """Return the `findings` of a check as one JSON object, as `check.schema.json` describes it.

    Raises ValueError for a number that is not finite.
    """
    return _to_json(findings)


def check_findings_from_json(text: str) -> CheckFindings:
    """Return the findings that `text`, from `check_findings_to_json`, spells.

    Raises `StoredFileError` where it is something else, or of a newer schema.
    """
    return _from_json(text, CheckFindings)


def facts_findings_to_json(findings: FactsFindings) -> str:
    """Return the `findings` of a comparison as one JSON object: `facts.schema.json` describes it.

    Raises ValueError for a number that is not finite.
    """
    return _to_json(findings)


def facts_findings_from_json(text: str) -> FactsFindings:
    """Return the findings that `text`, from `facts_findings_to_json`, spells.

    Raises `StoredFileError` where it is something else, or of a newer schema.
    """
    return _from_json(text, FactsFindings)


def _to_json(findings: Findings | CheckFindings | FactsFindings) -> str:
    return json.dumps(encode(findings), allow_nan=False, indent=2)


def _from_json(text: str, shape: type[F]) -> F:
    try:
        fields = parse(text.encode("utf-8", "surrogatepass"))
        version = fields.get("schema_version")
        if isinstance(version, int):
            check_version(version, "the text")
        return decode(shape, fields)
    except MisfitError as error:
        raise StoredFileError(f"the text does not hold findings of gilbench: {error}") from None
