"""The findings of a run: what its samples support, case by case and in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench.model import CaseFinding, Findings
from gilbench.results.version import RUN_VERSION
from gilbench.stats import median
from gilbench.studies.analysis.budget import budget, mean_losses, stamped
from gilbench.studies.analysis.control import foreign_load
from gilbench.studies.analysis.costs import Yardstick
from gilbench.studies.analysis.curves import curves
from gilbench.studies.analysis.evidence import Run
from gilbench.studies.analysis.fairness import fairness
from gilbench.studies.analysis.headline import headline
from gilbench.studies.analysis.notes import notes_on
from gilbench.studies.analysis.table import Table
from gilbench.studies.analysis.verdict import judge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gilbench.model import (
        Calibration,
        Case,
        Environment,
        Failure,
        Losses,
        Plan,
        Sample,
        Stop,
    )

__all__ = ["analyse"]

# Shares are means without an interval: a few quiet samples tell more than many disturbed ones.
_ENOUGH_FOR_SHARES: Final = 3


def analyse(
    *,
    environment: Environment,
    plan: Plan,
    calibrations: Sequence[Calibration],
    samples: Sequence[Sample],
    failures: Sequence[Failure],
    stop: Stop | None,
    notes: Sequence[str] = (),
) -> Findings:
    """Return what the samples of one run support, a finding for each case of `plan`, in its order.

    `samples` carry their rejection already; `stop` is None for a stored run that was cut off.
    Intervals are drawn from `plan.seed`. `notes` go before those that the samples call for.
    """
    table = Table.of(plan.cases, samples)
    run = Run(
        plan=plan,
        table=table,
        failures=failures,
        stop=stop,
        foreign_load=foreign_load(table, environment.cores),
    )
    cases = tuple(_finding(run, case, gil_enabled=environment.gil_enabled) for case in plan.cases)
    gil_enabled = environment.gil_enabled or any(sample.gil_enabled for sample in samples)
    own_notes = notes_on(
        plan=plan,
        calibrations=calibrations,
        samples=samples,
        stop=stop,
        cases=cases,
        gil_came_back=gil_enabled and not environment.gil_enabled,
    )
    return Findings(
        schema_version=RUN_VERSION,
        environment=environment,
        headline=headline(
            cases,
            cores=environment.cores,
            free_threaded=environment.free_threaded,
            gil_enabled=gil_enabled,
        ),
        cases=cases,
        stop=stop,
        notes=(*notes, *own_notes),
        curves=curves(run, cases, environment.cores),
    )


def _finding(run: Run, case: Case, *, gil_enabled: bool) -> CaseFinding:
    verdict = judge(run.evidence(case))
    measured, accepted = run.table.samples[case], run.table.accepted(case)
    # Where the machine was not ours, what is said of the GIL rests on the shares, which stay right.
    told = accepted if len(accepted) >= _ENOUGH_FOR_SHARES else measured
    return CaseFinding(
        workload=case.workload,
        mode=case.mode,
        backend=case.backend,
        workers=case.workers,
        grain_ns=case.grain_ns,
        status=verdict.status,
        reason=verdict.reason,
        samples=len(measured),
        rejected=len(measured) - len(accepted),
        throughput=verdict.holds.throughput,
        speedup=verdict.holds.speedup,
        ceiling=verdict.holds.ceiling,
        bite=verdict.holds.bite,
        losses=_losses(run.table, case, told, gil_enabled=gil_enabled),
        losses_inferred=bool(told) and not all(map(stamped, told)),
        start_skew_ns=_start_skew_ns(told),
        fairness=fairness(accepted) if len(accepted) >= _ENOUGH_FOR_SHARES else None,
    )


def _losses(
    table: Table, case: Case, samples: Sequence[Sample], *, gil_enabled: bool
) -> Losses | None:
    yardstick = Yardstick.of(table, table.partners(case))
    return mean_losses(
        [
            budget(
                sample,
                yardstick.at(sample.round),
                gil_enabled=gil_enabled or bool(sample.gil_enabled),
            )
            for sample in samples
        ]
    )


def _start_skew_ns(samples: Sequence[Sample]) -> float | None:
    """Return the median time from the gate's opening until the last worker saw it."""
    latest = [max(reading.start_skew_ns for reading in sample.readings) for sample in samples]
    return float(median(latest)) if latest else None
