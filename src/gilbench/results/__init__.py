"""The result file, written and read, and findings as JSON.

`schema`, with the published schemas of findings, stays out of here so that `python -m
gilbench.results.schema` runs.
"""

from __future__ import annotations

from gilbench.results.check import CHECK, CheckRecord, StoredCheck
from gilbench.results.facts import FACTS, FactsRecord, StoredFacts
from gilbench.results.findings import (
    check_findings_from_json,
    check_findings_to_json,
    facts_findings_from_json,
    facts_findings_to_json,
    findings_from_json,
    findings_to_json,
)
from gilbench.results.place import Place, default_place
from gilbench.results.reader import load, load_run, read
from gilbench.results.run import SCALING, Record, StoredRun
from gilbench.results.sink import MemorySink, Sink
from gilbench.results.store import Store, StoreError, open_store
from gilbench.results.studies import Stored
from gilbench.results.study import Study
from gilbench.results.version import CHECK_VERSION, FACTS_VERSION, RUN_VERSION, SCHEMA_VERSION

__all__ = [
    "CHECK",
    "CHECK_VERSION",
    "FACTS",
    "FACTS_VERSION",
    "RUN_VERSION",
    "SCALING",
    "SCHEMA_VERSION",
    "CheckRecord",
    "FactsRecord",
    "MemorySink",
    "Place",
    "Record",
    "Sink",
    "Store",
    "StoreError",
    "Stored",
    "StoredCheck",
    "StoredFacts",
    "StoredRun",
    "Study",
    "check_findings_from_json",
    "check_findings_to_json",
    "default_place",
    "facts_findings_from_json",
    "facts_findings_to_json",
    "findings_from_json",
    "findings_to_json",
    "load",
    "load_run",
    "open_store",
    "read",
]
