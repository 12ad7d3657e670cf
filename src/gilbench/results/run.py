"""A run as it is stored: the header's environment and plan, then its records by kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from gilbench.model import Calibration, Environment, Failure, Plan, Sample, Stop
from gilbench.results.study import Header, Study, only
from gilbench.results.validation import MisfitError
from gilbench.results.version import RUN_VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["SCALING", "Record", "RunHeader", "StoredRun", "check_readings"]

Record: TypeAlias = Calibration | Sample | Failure | Stop


class RunHeader(Header[Plan]):
    """The header of a run."""


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


def check_readings(sample: Sample) -> None:
    """Return nothing where each worker of the sample has its reading; else raises `MisfitError`."""
    if len(sample.readings) != sample.case.workers:
        raise MisfitError(
            f"readings must be one for each worker: "
            f"{len(sample.readings)} for {sample.case.workers} workers"
        )


def _check_plan(_plan: Plan) -> None:
    """Return nothing: a plan whose fields are within their limits is one."""


def _check_record(record: Record, plan: Plan) -> None:
    if isinstance(record, Sample):
        check_readings(record)
    if isinstance(record, Sample | Failure) and record.case not in plan.cases:
        raise MisfitError("its case is not in the plan")


def _assemble(header: Header[Plan], records: Sequence[Record], notes: tuple[str, ...]) -> StoredRun:
    return StoredRun(
        environment=header.environment,
        plan=header.plan,
        calibrations=only(Calibration, records),
        samples=only(Sample, records),
        failures=only(Failure, records),
        stop=next(iter(only(Stop, records)), None),
        notes=notes,
    )


SCALING: Final[Study[Plan, Record, StoredRun]] = Study(
    name="scaling",
    noun="run",
    version=RUN_VERSION,
    header=RunHeader,
    records={"calibration": Calibration, "sample": Sample, "failure": Failure, "stop": Stop},
    counted="sample",
    check_plan=_check_plan,
    check_record=_check_record,
    assemble=_assemble,
)
"""The study of how each way of running scales: a run."""
