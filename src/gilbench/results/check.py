"""A check as it is stored: the header's environment and plan, then its records by kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from gilbench.evidence import LET_IN_PARTS, CheckPlan, Observation, ShutOut, Timing
from gilbench.model import Environment, Failure, Sample, Stop
from gilbench.results.run import check_readings
from gilbench.results.study import Header, Study, only
from gilbench.results.validation import MisfitError
from gilbench.results.version import CHECK_VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gilbench.evidence import Sizes

__all__ = ["CHECK", "CheckHeader", "CheckRecord", "StoredCheck"]

CheckRecord: TypeAlias = Timing | Observation | ShutOut | Sample | Failure | Stop


class CheckHeader(Header[CheckPlan]):
    """The header of a check."""


@dataclass(frozen=True, kw_only=True)
class StoredCheck:
    """All that was stored of a check, records in the order in which they came.

    `stop` is null for a check that was cut off or is still going on. `notes` are sentences for the
    user about the reading itself.
    """

    environment: Environment
    plan: CheckPlan
    timings: tuple[Timing, ...]
    observations: tuple[Observation, ...]
    shut_outs: tuple[ShutOut, ...]
    samples: tuple[Sample, ...]
    failures: tuple[Failure, ...]
    stop: Stop | None
    notes: tuple[str, ...]


def _check_plan(plan: CheckPlan) -> None:
    if (plan.target.function is None) == (plan.target.statement is None):
        raise MisfitError("plan.target must be either a function or a statement")
    if plan.sizes is not None and plan.sizes.last <= plan.sizes.first:
        raise MisfitError(
            f"plan.sizes.last must be above {plan.sizes.first}, as first, not {plan.sizes.last}"
        )


def _check_record(record: CheckRecord, plan: CheckPlan) -> None:
    match record:
        case Timing():
            _check_size(record.size, plan.sizes)
        case Observation():
            _check_size(record.size, plan.sizes)
            _at_most("kept_waiting", record.kept_waiting, "asked", record.asked)
            for index, block in enumerate(record.blocks):
                _at_most(f"blocks[{index}].held", block.held, "samples", block.samples)
        case ShutOut():
            _check_size(record.size, plan.sizes)
            _at_most("granted", record.granted, "waits", record.waits)
            longest_ns = record.longest_wait_ns
            _at_most("longest_wait_ns", longest_ns, "batch_ns", record.batch_ns)
            _at_most("typical_wait_ns", record.typical_wait_ns, "longest_wait_ns", longest_ns)
            if len(record.let_in) not in (0, LET_IN_PARTS):
                raise MisfitError(
                    f"let_in must be empty or {LET_IN_PARTS} counts, not {len(record.let_in)}"
                )
        case Sample():
            check_readings(record)


def _check_size(size: int | None, sizes: Sizes | None) -> None:
    if sizes is None:
        if size is not None:
            raise MisfitError(f"size must be null, as the plan has no sizes, not {size}")
    elif size is None or not sizes.first <= size <= sizes.last:
        raise MisfitError(
            f"size must be from {sizes.first} to {sizes.last}, as in the plan, not {size}"
        )


def _at_most(name: str, value: int, limit_name: str, limit: int) -> None:
    if value > limit:
        raise MisfitError(f"{name} must be at most {limit}, as {limit_name}, not {value}")


def _assemble(
    header: Header[CheckPlan], records: Sequence[CheckRecord], notes: tuple[str, ...]
) -> StoredCheck:
    return StoredCheck(
        environment=header.environment,
        plan=header.plan,
        timings=only(Timing, records),
        observations=only(Observation, records),
        shut_outs=only(ShutOut, records),
        samples=only(Sample, records),
        failures=only(Failure, records),
        stop=next(iter(only(Stop, records)), None),
        notes=notes,
    )


CHECK: Final[Study[CheckPlan, CheckRecord, StoredCheck]] = Study(
    name="check",
    noun="check",
    version=CHECK_VERSION,
    header=CheckHeader,
    records={
        "timing": Timing,
        "observation": Observation,
        "shut-out": ShutOut,
        "sample": Sample,
        "failure": Failure,
        "stop": Stop,
    },
    counted="observation",
    check_plan=_check_plan,
    check_record=_check_record,
    assemble=_assemble,
)
"""The study of what one function does with the GIL: a check."""
