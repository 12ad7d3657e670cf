"""What the records of a check support."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench.evidence import CheckFindings, Controls, Scaling, SizeFinding, Verdict
from gilbench.machine.caution import GIL_TURNED_ON
from gilbench.results import CHECK_VERSION
from gilbench.studies.check.held import detaches_per_call
from gilbench.studies.check.search import threshold
from gilbench.studies.check.seen import seen_of
from gilbench.studies.check.verdict import Ruling, doubt
from gilbench.studies.check.words import advice, headline

if TYPE_CHECKING:
    from gilbench.results import StoredCheck
    from gilbench.studies.check.seen import Seen

__all__ = ["check_findings", "size_finding"]

_CUT_OFF: Final = Ruling(
    verdict=Verdict.INCONCLUSIVE, reason="the check was cut off before anything was seen"
)
_NOT_SCALED: Final = Scaling(threads=None, processes=None, reason="the check was cut off before")
_NO_CONTROLS: Final = Controls(hold=None, release=None)
# More than two cores give, by more than cores differ.
_MORE_THAN_TWO: Final = 2.5


def check_findings(stored: StoredCheck) -> CheckFindings:
    """Return what the records of a check support, computed anew.

    With sizes, the verdict is that of the last one.
    """
    sizes = stored.plan.sizes
    seen = seen_of(stored, None if sizes is None else sizes.last)
    looks = _looks(stored)
    ruling = _CUT_OFF if seen is None else seen.rule(seen.parallel)
    reenabled = _gil_reenabled(stored)
    found_on = _gil_found_on(stored)
    free_threaded = stored.environment.free_threaded and not any(
        timing.gil_after for timing in stored.timings
    )
    held = None if seen is None else seen.held
    call_ns = None if seen is None else seen.timing.call_ns
    longest_hold_ns = None if seen is None else seen.longest_hold_ns
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
    seen = seen_of(stored, size)
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


def _gil_reenabled(stored: StoredCheck) -> bool | None:
    if not stored.environment.free_threaded:
        return None
    return any(not timing.gil_before and timing.gil_after for timing in stored.timings)


def _gil_found_on(stored: StoredCheck) -> bool:
    """Return whether, unasked, the GIL of a free-threaded build was on before the target came."""
    return GIL_TURNED_ON in stored.environment.warnings and any(
        timing.gil_before for timing in stored.timings
    )


def _notes(stored: StoredCheck, seen: Seen | None) -> tuple[str, ...]:
    notes = []
    if stored.plan.in_process:
        notes.append(
            "It ran in the process that asked: not compared with processes, and other threads of"
            " that process count as holding."
        )
    if seen is not None and seen.dropped:
        notes.append(f"Rounds left out because a control failed in them: {seen.dropped}.")
    threads = None if seen is None else seen.scaling.threads
    if threads is not None and threads.low > _MORE_THAN_TWO:
        notes.append(
            "Two threads did more than twice the work of one: one runs on the main thread, where"
            " this call is slower, as a rule because memory goes back to the system after each"
            " call there, and stays with other threads. Compare threads with each other before you"
            " count on it."
        )
    return tuple(notes)
