"""The version of the stored format, which has a history of its own.

A reader takes every version up to its own. A new field that older readers may ignore needs no
new version; a changed or removed field, another meaning or another kind of record does.

1   The first: JSON Lines, a header, then calibrations, samples, failures and a stop. The same
    number stands in the findings' JSON.
"""

from __future__ import annotations

from typing import Final

__all__ = ["SCHEMA_VERSION"]

SCHEMA_VERSION: Final = 1
