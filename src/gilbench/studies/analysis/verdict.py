"""What the evidence for one case supports, in one word, with the reason."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from gilbench.model import Status
from gilbench.studies.analysis.estimates import LEAST_ROUNDS, Estimates, half_width
from gilbench.studies.analysis.failures import failure_that_ended, last_failure
from gilbench.studies.analysis.shortage import longer_budget, shortage
from gilbench.studies.analysis.table import CEILING_BACKENDS
from gilbench.studies.analysis.words import percent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gilbench.model import Estimate
    from gilbench.studies.analysis.evidence import Evidence

__all__ = ["Verdict", "judge"]

# Wider is no better than a guess. Two workers that the GIL holds up lose half, free ones nothing:
# with half-widths of 0.15 the two, and a quarter between them, can still be told apart. A speedup
# of 1 and one of 2 can be told apart with half-widths of a quarter of each.
_GUESSED_BITE: Final = 0.15
_GUESSED_RATIO: Final = 0.25

# Between the quartiles of a ceiling whose machine stays the same, in quiet runs, lie a few percent;
# two cores that share one of the host's for a while do the work of 1.1 instead of 2.
_UNSTEADY: Final = 1.4

# Intervals narrow with the root of the time; nobody waits longer than this for one.
_MOST_PATIENCE: Final = 10.0


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """A status, its reason, and of the estimates those that hold."""

    status: Status
    reason: str | None
    holds: Estimates


def judge(evidence: Evidence) -> Verdict:
    """Return what `evidence` supports; the reason tells what was seen and what to do about it."""
    run, case, known = evidence.run, evidence.case, evidence.estimates
    failure = failure_that_ended(case, run.table.samples[case], run.failures)
    if failure is not None:
        return Verdict(status=failure.status, reason=failure.reason, holds=Estimates())
    if case.workers > 1 and case.workers in run.foreign_load:
        return _inconclusive(run.foreign_load[case.workers], Estimates())
    if _lacks_rounds(evidence):
        return _inconclusive(shortage(evidence), known)
    if evidence.pairs.speedup is None and case.backend != "serial":
        lost = _why_not_measured(evidence, ("serial",))
        if lost is not None:
            return _inconclusive(f"no speedup without its serial base: {lost}", known)
    too_wide = _too_wide(evidence)
    if too_wide:
        firm = replace(known, **dict.fromkeys(too_wide))
        return _inconclusive(_width_reason(evidence, too_wide), firm)
    return Verdict(status=Status.OK, reason=_remark(evidence), holds=known)


def _inconclusive(reason: str, holds: Estimates) -> Verdict:
    return Verdict(status=Status.INCONCLUSIVE, reason=reason, holds=holds)


def _lacks_rounds(evidence: Evidence) -> bool:
    pairs, known = evidence.pairs, evidence.estimates
    return known.throughput is None or any(
        series is not None and estimate is None
        for series, estimate in (
            (pairs.speedup, known.speedup),
            (pairs.ceiling, known.ceiling),
            (pairs.bite, known.bite),
        )
    )


def _too_wide(evidence: Evidence) -> dict[str, float]:
    """Return how often the half-width of each figure that is a guess holds the widest allowed."""
    known = evidence.estimates
    relative = max(_GUESSED_RATIO, evidence.run.plan.precision)
    widths = {
        "speedup": _relative(known.speedup) / relative,
        "ceiling": _relative(known.ceiling) / relative,
        "bite": half_width(known.bite) / _GUESSED_BITE if known.bite else 0.0,
    }
    return {name: width for name, width in widths.items() if width > 1}


def _relative(estimate: Estimate | None) -> float:
    """Return the half-width as a share of the value; what is all zeros is known exactly."""
    if estimate is None or not half_width(estimate):
        return 0.0
    return half_width(estimate) / abs(estimate.value) if estimate.value else math.inf


def _width_reason(evidence: Evidence, too_wide: Mapping[str, float]) -> str:
    unsteady = _unsteady(evidence)
    if unsteady is not None:
        return unsteady
    name = max(too_wide, key=lambda name: too_wide[name])
    patience = too_wide[name] ** 2
    cure = "run again on a quieter machine"
    if patience <= _MOST_PATIENCE:
        cure = f"give {longer_budget(evidence.run, patience)}, or {cure}"
    known = evidence.estimates
    if name == "bite" and known.bite:
        return f"the bite is known to ±{half_width(known.bite):.2f} only; {cure}"
    width = _relative(known.speedup if name == "speedup" else known.ceiling)
    if math.isinf(width):
        return f"the {name} is 0 in most samples: they did no work at all; give a shorter --grain"
    return f"the {name} is known to ±{percent(width)} only; {cure}"


def _unsteady(evidence: Evidence) -> str | None:
    """Return what to say of a ceiling that moves: no longer run would narrow what rests on it."""
    ceilings = sorted(evidence.pairs.ceiling.values) if evidence.pairs.ceiling else []
    if len(ceilings) < LEAST_ROUNDS:
        return None
    quarter = len(ceilings) // 4
    low, high = ceilings[quarter], ceilings[-quarter - 1]
    if low <= 0 or high / low < _UNSTEADY:
        return None
    return (
        f"the ceiling itself moved between {low:.2f} and {high:.2f} (quartiles): what the cores can"
        " do together changed under the run, as when a host lets two of them share one of its own;"
        " run again on a quieter machine"
    )


def _remark(evidence: Evidence) -> str | None:
    """Return what a reader of good figures should know all the same."""
    failure = last_failure(evidence.case, evidence.run.failures)
    if failure is not None:
        return f"failed in round {failure.round}, but not in six others: {failure.reason}"
    if evidence.case.workers == 1 or evidence.partners.ceiling is not None:
        return None
    lost = _why_not_measured(evidence, CEILING_BACKENDS)
    return None if lost is None else f"no bite without a ceiling: {lost}"


def _why_not_measured(evidence: Evidence, backends: Sequence[str]) -> str | None:
    """Return why planned partners have no sample, or None where none was planned."""
    run, like = evidence.run, evidence.case
    for case in run.plan.cases:
        if (
            case.backend in backends
            and case.workers in {1, like.workers}
            and (case.workload, case.grain_ns) == (like.workload, like.grain_ns)
            and not run.table.samples[case]
        ):
            failure = last_failure(case, run.failures)
            return f"{case.backend}: {failure.reason}" if failure else f"{case.backend} did not run"
    return None
