"""A run as it is stored: the header's environment and plan, then its records by kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from gilbench.model import Calibration, Environment, Failure, Plan, Sample, Stop

__all__ = ["RECORDS", "Header", "Record", "StoredRun"]

Record: TypeAlias = Calibration | Sample | Failure | Stop

RECORDS: Final[dict[str, type[Record]]] = {
    "calibration": Calibration,
    "sample": Sample,
    "failure": Failure,
    "stop": Stop,
}
"""Every kind of record after the header, by its name in the file."""


@dataclass(frozen=True, kw_only=True)
class Header:
    """What the first line of a result file says, beside the schema version."""

    environment: Environment
    plan: Plan


@dataclass(frozen=True, kw_only=True)
class StoredRun:
    """All that was stored of a run, records in the order in which they came.

    `stop` is null for a run that was cut off or is still going on. `notes` are sentences for the
    user about the reading itself.
    """

    environment: Environment
    plan: Plan
    calibrations: tuple[Calibration, ...]
    samples: tuple[Sample, ...]
    failures: tuple[Failure, ...]
    stop: Stop | None
    notes: tuple[str, ...]
