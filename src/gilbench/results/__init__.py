"""The result file, written and read, and findings as JSON.

`schema.findings_schema` stays out of here so that `python -m gilbench.results.schema` runs.
"""

from __future__ import annotations

from gilbench.results.findings import findings_from_json, findings_to_json
from gilbench.results.place import Place, default_place
from gilbench.results.reader import load, read
from gilbench.results.run import Record, StoredRun
from gilbench.results.sink import MemorySink, Sink
from gilbench.results.store import Store, StoreError, open_store
from gilbench.results.version import SCHEMA_VERSION

__all__ = [
    "SCHEMA_VERSION",
    "MemorySink",
    "Place",
    "Record",
    "Sink",
    "Store",
    "StoreError",
    "StoredRun",
    "default_place",
    "findings_from_json",
    "findings_to_json",
    "load",
    "open_store",
    "read",
]
