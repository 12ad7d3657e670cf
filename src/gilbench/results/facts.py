"""A comparison of processes and threads as it is stored: the header, then its trials."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from gilbench.comparison import FactsPlan, Trial
from gilbench.model import Environment, Status, Stop
from gilbench.results.study import Header, Study, only
from gilbench.results.validation import MisfitError
from gilbench.results.version import FACTS_VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["FACTS", "FactsHeader", "FactsRecord", "StoredFacts"]

FactsRecord: TypeAlias = Trial | Stop


class FactsHeader(Header[FactsPlan]):
    """The header of a comparison."""


@dataclass(frozen=True, kw_only=True)
class StoredFacts:
    """All that was stored of a comparison, trials in the order in which they came.

    `stop` is null for one that was cut off or is still going on. `notes` are sentences for the
    user about the reading itself.
    """

    environment: Environment
    plan: FactsPlan
    trials: tuple[Trial, ...]
    stop: Stop | None
    notes: tuple[str, ...]


def _check_plan(plan: FactsPlan) -> None:
    if len(set(plan.rows)) < len(plan.rows):
        raise MisfitError(f"plan.rows must have each row once, not {', '.join(plan.rows)}")


def _check_record(record: FactsRecord, plan: FactsPlan) -> None:
    if not isinstance(record, Trial):
        return
    if record.row not in plan.rows:
        raise MisfitError("its row is not in the plan")
    if (record.status is Status.OK) is not (record.reason is None):
        raise MisfitError(
            "reason must be null" if record.status is Status.OK else "reason must not be null"
        )


def _assemble(
    header: Header[FactsPlan], records: Sequence[FactsRecord], notes: tuple[str, ...]
) -> StoredFacts:
    return StoredFacts(
        environment=header.environment,
        plan=header.plan,
        trials=only(Trial, records),
        stop=next(iter(only(Stop, records)), None),
        notes=notes,
    )


FACTS: Final[Study[FactsPlan, FactsRecord, StoredFacts]] = Study(
    name="facts",
    noun="comparison",
    version=FACTS_VERSION,
    header=FactsHeader,
    records={"trial": Trial, "stop": Stop},
    counted="trial",
    check_plan=_check_plan,
    check_record=_check_record,
    assemble=_assemble,
)
"""The study of processes and threads: a comparison."""
