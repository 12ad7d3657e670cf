"""Why a case has fewer than six good rounds, and what to do about it."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Final

from gilbench.model import Rejection, StopReason
from gilbench.stats import median
from gilbench.studies.analysis.estimates import LEAST_ROUNDS
from gilbench.studies.analysis.failures import last_failure
from gilbench.studies.analysis.rejection import run_queue_seen
from gilbench.studies.analysis.words import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gilbench.model import Sample
    from gilbench.studies.analysis.evidence import Evidence, Run

__all__ = ["longer_budget", "shortage"]

# Hosts that start again and calibration do not grow with the rounds, but rounds vary.
_MARGIN: Final = 1.25


def shortage(evidence: Evidence) -> str:
    """Return why fewer than six rounds have all that the figures of a case need."""
    samples = evidence.run.table.samples
    rounds = set.intersection(
        *({sample.round for sample in samples[case]} for case in evidence.needed)
    )
    if len(rounds) < LEAST_ROUNDS:
        return _few_rounds(evidence, len(rounds))
    return _rejections(evidence)


def longer_budget(run: Run, factor: float) -> str:
    """Return the option that gives a run `factor` times the time that it took, and some more."""
    took_ns = max(run.plan.budget_ns, run.stop.elapsed_ns if run.stop else 0)
    seconds = took_ns / 1e9 * factor * _MARGIN
    step = 5 if seconds > 10 else 1
    return f"--budget {math.ceil(seconds / step) * step}s"


def _few_rounds(evidence: Evidence, rounds: int) -> str:
    run = evidence.run
    ran = f"only {rounds} round{'' if rounds == 1 else 's'}" if rounds else "no round"
    for case, name in evidence.needed.items():
        failure = last_failure(case, run.failures)
        if failure is not None:
            return f"{ran} went well; a sample{name} failed: {failure.reason}"
    if run.stop is None:
        return f"{ran} ran before the run was cut off; run it again"
    if run.stop.reason is StopReason.BUDGET:
        factor = LEAST_ROUNDS / max(rounds, 1)
        return f"{ran} fitted the budget; give {longer_budget(run, factor)}"
    return f"{ran} ran before sampling ended, at least {LEAST_ROUNDS} are needed; run it again"


def _rejections(evidence: Evidence) -> str:
    samples = evidence.run.table.samples
    case = max(evidence.needed, key=lambda case: len(_rejected(samples[case])))
    rejected = _rejected(samples[case])
    if not rejected:
        return "a case or its base did no work at all in some samples; give a shorter --grain"
    name = evidence.needed[case]
    return (
        f"{len(rejected)} of {len(samples[case])} samples{name} were rejected: {_cause(rejected)}"
    )


def _rejected(samples: Sequence[Sample]) -> list[Sample]:
    return [sample for sample in samples if sample.rejection is not None]


def _cause(rejected: Sequence[Sample]) -> str:
    [(cause, _)] = Counter(sample.rejection for sample in rejected).most_common(1)
    if cause is Rejection.RUN_QUEUE:
        queued = median([run_queue_seen(one) for one in rejected if one.rejection is cause])
        return f"other work took a core (run queue {percent(queued)}); stop it, or run again"
    if cause is Rejection.STEAL:
        return "other virtual machines took time from this one (steal); run again when they rest"
    return "their control failed; run again on a quiet machine"
