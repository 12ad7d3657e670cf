"""Findings as one JSON object, and back."""

from __future__ import annotations

import json

from gilbench.errors import StoredFileError
from gilbench.model import Findings
from gilbench.results.codec import decode, encode, parse
from gilbench.results.reader import check_version
from gilbench.results.validation import MisfitError

__all__ = ["findings_from_json", "findings_to_json"]


def findings_to_json(findings: Findings) -> str:
    """Return `findings` as one JSON object, as `findings.schema.json` describes it.

    Raises ValueError for a number that is not finite.
    """
    return json.dumps(encode(findings), allow_nan=False, indent=2)


def findings_from_json(text: str) -> Findings:
    """Return the findings that `text`, from `findings_to_json`, spells.

    Raises `StoredFileError` where it is something else, or of a newer schema.
    """
    try:
        fields = parse(text.encode("utf-8", "surrogatepass"))
        version = fields.get("schema_version")
        if isinstance(version, int):
            check_version(version, "the text")
        return decode(Findings, fields)
    except MisfitError as error:
        raise StoredFileError(f"the text does not hold findings of gilbench: {error}") from None
