"""What a reader should know of the run as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gilbench import durations
from gilbench.labels import labels_of
from gilbench.model import CaseFinding, Status, StopReason
from gilbench.studies.analysis.estimates import half_width
from gilbench.studies.analysis.precision import BITE_HALF_WIDTH
from gilbench.studies.analysis.words import percent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from gilbench.labels import Grained
    from gilbench.model import Calibration, Plan, Sample, Stop

__all__ = ["notes_on"]


def notes_on(
    *,
    plan: Plan,
    calibrations: Sequence[Calibration],
    samples: Sequence[Sample],
    stop: Stop | None,
    cases: Sequence[CaseFinding],
    gil_came_back: bool,
) -> list[str]:
    """Return sentences on why sampling ended, and on what makes figures mean something else.

    That is fixed work, GIL waits that are bounds, readings that the system does not tell, and a GIL
    that was off when the run began and on when it ended.
    """
    label = labels_of(plan.cases)
    notes = [
        _ending(plan, stop, cases),
        *_pinning(plan),
        *_fixed_work(calibrations, label),
        *_bounds(samples, label),
        *_untold(samples),
    ]
    if gil_came_back:
        notes.append(
            "The GIL came on during the run: a module that the workers imported does not declare "
            "that it can do without. Start Python with -X gil=0 to keep it off."
        )
    return notes


def _ending(plan: Plan, stop: Stop | None, cases: Sequence[CaseFinding]) -> str:
    widths = _widths(cases)
    if stop is None:
        return f"The run was cut off: these are the findings of what was stored{widths}."
    after = f"after {stop.rounds} {_plural(stop.rounds, 'round')} on {stop.hosts} " + _plural(
        stop.hosts, "host"
    )
    match stop.reason:
        case StopReason.PRECISION:
            return f"Precision reached {after}{widths}."
        case StopReason.BUDGET:
            budget = durations.format(plan.budget_ns)
            aim = f"aim: {percent(plan.precision)}, {BITE_HALF_WIDTH}"
            return f"Budget of {budget} spent {after}{widths} ({aim})."
        case StopReason.INTERRUPTED:
            return f"Interrupted {after}{widths}."
        case StopReason.FAILED:
            return f"Sampling broke off {after}{widths}."


def _pinning(plan: Plan) -> Iterator[str]:
    if plan.pinned:
        processors = ", ".join(map(str, plan.pinned))
        yield f"Several workers were kept on processors of their own, in turn: {processors}."


def _widths(cases: Sequence[CaseFinding]) -> str:
    """Return the widest half-widths of what is stated."""
    stated = [case for case in cases if case.status is Status.OK]
    speedups = [case.speedup for case in stated if case.speedup and case.speedup.value]
    bites = [case.bite for case in stated if case.bite is not None]
    told = []
    if speedups:
        widest = max(half_width(one) / abs(one.value) for one in speedups)
        told.append(f"speedups within ±{100 * widest:.1f} %")
    if bites:
        told.append(f"bites within ±{max(map(half_width, bites)):.2f}")
    return f": {', '.join(told)}" if told else ""


def _fixed_work(
    calibrations: Iterable[Calibration], label: Callable[[Grained], str]
) -> Iterator[str]:
    for calibration in calibrations:
        if calibration.fixed_calls is not None:
            calls = f"{calibration.fixed_calls} {_plural(calibration.fixed_calls, 'call')}"
            yield (
                f"{label(calibration)} cannot be stopped in the middle of a call: its samples "
                f"are {calls} of each worker, from the gate's opening to the last finish."
            )


def _bounds(samples: Iterable[Sample], label: Callable[[Grained], str]) -> Iterator[str]:
    bounded = {
        label(sample.case): None
        for sample in samples
        if any(reading.gil_wait_bound for reading in sample.readings)
    }
    if bounded:
        yield (
            f"The GIL wait of {', '.join(bounded)} is an upper bound: at grains this short the "
            "stamps also hold the CPU time of attaching."
        )


def _untold(samples: Sequence[Sample]) -> Iterator[str]:
    readings = [reading for sample in samples for reading in sample.readings]
    untold = []
    if any(reading.cpu_ns is None for reading in readings):
        untold.append("the CPU time of a thread")
    if any(reading.run_queue_ns is None for reading in readings):
        untold.append("how long a thread stood in the run queue")
    if untold:
        yield (
            f"This system does not tell {' or '.join(untold)}: "
            "shares of the loss budget that rest on it are not measurable."
        )


def _plural(number: int, noun: str) -> str:
    return noun if number == 1 else f"{noun}s"
