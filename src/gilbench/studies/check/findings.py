"""What the records of a check support."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gilbench.evidence import CheckFindings, Controls, Scaling, SizeFinding, Subject, Verdict
from gilbench.machine.caution import GIL_TURNED_ON
from gilbench.results import CHECK_VERSION
from gilbench.studies.check.held import detaches_per_call, held_share
from gilbench.studies.check.scaling import parallel, scaling_of, threads_failed
from gilbench.studies.check.search import threshold
from gilbench.studies.check.targets import workload_of
from gilbench.studies.check.verdict import Ruling, doubt, rule
from gilbench.studies.check.words import advice, headline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gilbench.evidence import Observation, ShutOut, Timing
    from gilbench.model import Estimate
    from gilbench.results import StoredCheck
    from gilbench.studies.check.scaling import Parallel

__all__ = ["check_findings", "size_finding"]

_CUT_OFF: Final = Ruling(
    verdict=Verdict.INCONCLUSIVE, reason="the check was cut off before anything was seen"
)


_NOT_SCALED: Final = Scaling(threads=None, processes=None, reason="the check was cut off before")
_NO_CONTROLS: Final = Controls(hold=None, release=None)


@dataclass(frozen=True, kw_only=True)
class _Seen:
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


def check_findings(stored: StoredCheck) -> CheckFindings:
    """Return what the records of a check support, computed anew.

    With sizes, the verdict is that of the last one.
    """
    sizes = stored.plan.sizes
    seen = _seen(stored, None if sizes is None else sizes.last)
    looks = _looks(stored)
    ruling = _CUT_OFF if seen is None else seen.rule(seen.parallel)
    reenabled = _gil_reenabled(stored)
    found_on = _gil_found_on(stored)
    free_threaded = stored.environment.free_threaded and not any(
        timing.gil_after for timing in stored.timings
    )
    held = None if seen is None else seen.held
    call_ns = None if seen is None else seen.timing.call_ns
    longest_hold_ns = None if seen is None else _longest_hold_ns(seen)
    scaling = _NOT_SCALED if seen is None else seen.scaling
    return CheckFindings(
        schema_version=CHECK_VERSION,
        environment=stored.environment,
        target=stored.plan.target,
        verdict=ruling.verdict,
        reason=ruling.reason,
        held_share=held,
        longest_hold_ns=longest_hold_ns,
        detaches_per_call=None if seen is None else detaches_per_call(seen.observations),
        call_ns=call_ns,
        scaling=scaling,
        controls=_NO_CONTROLS if seen is None else seen.controls,
        instrument=next((each.instrument for each in stored.observations), None),
        gil_reenabled=reenabled,
        sizes=looks,
        threshold=None if sizes is None else threshold(looks, sizes),
        headline=headline(
            ruling,
            held=held,
            longest_hold_ns=longest_hold_ns,
            threads=scaling.threads,
            free_threaded=free_threaded,
            gil_reenabled=reenabled,
            gil_found_on=found_on,
        ),
        advice=advice(
            ruling,
            call_ns=call_ns,
            threads=scaling.threads,
            free_threaded=free_threaded,
            gil_reenabled=reenabled,
            gil_found_on=found_on,
            threads_failed=None if seen is None else seen.threads_failed,
        ),
        notes=(*stored.notes, *_notes(stored, seen)),
        stop=stored.stop,
    )


def size_finding(stored: StoredCheck, size: int) -> SizeFinding:
    """Return what all looks at one size support together. Raises ValueError where there is none.

    A size that releases does so, whether or not it was seen how two threads do. A share beside
    controls that failed is none.
    """
    seen = _seen(stored, size)
    if seen is None:
        raise ValueError(f"nobody looked at a size of {size}")
    known = seen.parallel is None or seen.parallel.serial is not None
    ruling = seen.rule(seen.parallel if known else None)
    return SizeFinding(
        size=size,
        verdict=ruling.verdict,
        reason=ruling.reason,
        held_share=seen.held if doubt(seen.controls) is None else None,
        call_ns=seen.timing.call_ns,
        threads=seen.scaling.threads,
    )


def _looks(stored: StoredCheck) -> tuple[SizeFinding, ...]:
    if stored.plan.sizes is None:
        return ()
    looked_at = sorted({timing.size for timing in stored.timings if timing.size is not None})
    return tuple(size_finding(stored, size) for size in looked_at)


def _seen(stored: StoredCheck, size: int | None) -> _Seen | None:
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
    return _Seen(
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


def _longest_hold_ns(seen: _Seen) -> int | None:
    """Return how long one call shut a newcomer out, at most; null where nobody asked.

    A batch without a pause looks like one hold where its calls hold: of it, one call counts.
    """
    waits = [
        min(each.longest_wait_ns, each.longest_call_ns)
        for each in seen.shut_outs
        if each.subject is Subject.TARGET and each.waits
    ]
    return max(waits, default=None)


def _gil_reenabled(stored: StoredCheck) -> bool | None:
    if not stored.environment.free_threaded:
        return None
    return any(not timing.gil_before and timing.gil_after for timing in stored.timings)


def _gil_found_on(stored: StoredCheck) -> bool:
    """Return whether, unasked, the GIL of a free-threaded build was on before the target came."""
    return GIL_TURNED_ON in stored.environment.warnings and any(
        timing.gil_before for timing in stored.timings
    )


def _notes(stored: StoredCheck, seen: _Seen | None) -> tuple[str, ...]:
    notes = []
    if stored.plan.in_process:
        notes.append(
            "It ran in the process that asked: not compared with processes, and other threads of"
            " that process count as holding."
        )
    if seen is not None and seen.dropped:
        notes.append(f"Rounds left out because a control failed in them: {seen.dropped}.")
    return tuple(notes)
