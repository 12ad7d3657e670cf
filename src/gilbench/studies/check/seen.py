"""What all records of one size come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gilbench.evidence import Controls, Scaling, Subject
from gilbench.studies.check.held import held_share
from gilbench.studies.check.scaling import parallel, scaling_of, threads_failed
from gilbench.studies.check.targets import workload_of
from gilbench.studies.check.verdict import Ruling, doubt, rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gilbench.evidence import Observation, ShutOut, Timing
    from gilbench.model import Estimate
    from gilbench.results import StoredCheck
    from gilbench.studies.check.scaling import Parallel

__all__ = ["Seen", "seen_of"]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What all records of one size come to. `dropped` rounds had controls that failed;
    `threads_failed` is why two threads at once did not work.
    """

    timing: Timing
    held: Estimate | None
    controls: Controls
    shut_outs: tuple[ShutOut, ...]
    observations: tuple[Observation, ...]
    scaling: Scaling
    parallel: Parallel | None
    threads_failed: str | None
    dropped: int

    def rule(self, parallel: Parallel | None) -> Ruling:
        """Return the verdict, with so much known of how two threads do.

        Where two at once do not work, they are no serial ones: what is asked then is the GIL alone.
        """
        return rule(
            held=self.held,
            controls=self.controls,
            shut_outs=self.shut_outs,
            call_ns=self.timing.call_ns,
            parallel=None if self.threads_failed else parallel,
        )

    @property
    def longest_hold_ns(self) -> int | None:
        """Return how long one call shut a newcomer out, at most; null where nobody asked.

        A batch without a pause looks like one hold where its calls hold: of it, one call counts.
        """
        waits = [
            min(each.longest_wait_ns, each.longest_call_ns)
            for each in self.shut_outs
            if each.subject is Subject.TARGET and each.waits
        ]
        return max(waits, default=None)


def seen_of(stored: StoredCheck, size: int | None) -> Seen | None:
    """Return what the records of a size come to, null for those without any; of a round whose
    controls failed only where all did.
    """
    timing = next((each for each in reversed(stored.timings) if each.size == size), None)
    if timing is None:
        return None
    observations = [each for each in stored.observations if each.size == size]
    kept = _with_good_controls(observations, timing, stored.plan.seed)
    shut_outs = tuple(each for each in stored.shut_outs if each.size == size)
    workload = workload_of(stored.plan.target, size)
    samples = [each for each in stored.samples if each.case.workload == workload]
    failures = [each for each in stored.failures if each.case.workload == workload]
    seed = stored.plan.seed
    held = held_share(_of(kept, Subject.TARGET), timing.call_ns, seed)
    controls = _controls(kept, timing, seed)
    scaling = scaling_of(samples, failures, seed)
    return Seen(
        timing=timing,
        held=held,
        controls=controls,
        shut_outs=shut_outs,
        observations=tuple(_of(kept, Subject.TARGET)),
        scaling=scaling,
        parallel=parallel(samples, failures, scaling, timing, stored.environment.cores)
        if samples or failures
        else None,
        threads_failed=threads_failed(failures),
        dropped=len({each.round for each in observations} - {each.round for each in kept}),
    )


def _with_good_controls(
    observations: Sequence[Observation], timing: Timing, seed: int
) -> Sequence[Observation]:
    """Return the observations of rounds in which both controls came out as themselves; all where
    none did.
    """
    rounds = sorted({each.round for each in observations})
    good = [
        each
        for round in rounds
        if doubt(_controls([one for one in observations if one.round == round], timing, seed))
        is None
        for each in observations
        if each.round == round
    ]
    return good or observations


def _controls(observations: Sequence[Observation], timing: Timing, seed: int) -> Controls:
    return Controls(
        hold=held_share(_of(observations, Subject.HOLD), timing.call_ns, seed),
        release=held_share(_of(observations, Subject.RELEASE), timing.call_ns, seed),
    )


def _of(observations: Sequence[Observation], subject: Subject) -> list[Observation]:
    return [each for each in observations if each.subject is subject]
