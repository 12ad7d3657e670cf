"""Which failures ended a case, and which it got over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gilbench.studies.analysis.estimates import LEAST_ROUNDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gilbench.model import Case, Failure, Sample

__all__ = ["failure_that_ended", "last_failure"]


def last_failure(case: Case, failures: Sequence[Failure]) -> Failure | None:
    """Return the failure of `case` in the latest round, or None."""
    return max(
        (failure for failure in failures if failure.case == case),
        key=lambda failure: failure.round,
        default=None,
    )


def failure_that_ended(
    case: Case, samples: Sequence[Sample], failures: Sequence[Failure]
) -> Failure | None:
    """Return the failure that `case` ended in, or None.

    A failure ends a case unless a sample followed it, or six stand already.
    """
    failure = last_failure(case, failures)
    if failure is None or len(samples) >= LEAST_ROUNDS:
        return None
    if any(sample.round >= failure.round for sample in samples):
        return None
    return failure
