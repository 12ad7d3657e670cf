"""The conductor: calibrates, then asks hosts for every case, round after round."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

from gilbench import backends, durations
from gilbench.errors import InputError
from gilbench.experiment.conditions import Conditions
from gilbench.experiment.rounds import parts_of, shuffled
from gilbench.experiment.run import Run, ask, failure, order_for, shortest_sample_ns
from gilbench.experiment.seats import FEWEST_HOSTS, Seats
from gilbench.experiment.window import calibration_of, pinned, touring
from gilbench.host.protocol import (
    CalibratedReply,
    CalibrateRequest,
    CheckRequest,
    FailedReply,
    SampleReply,
    SampleRequest,
)
from gilbench.model import Sample, Status, Stop, StopReason

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from gilbench.model import Calibration, Case, Failure, Plan

__all__ = ["Conditions", "conduct"]


def conduct(
    plan: Plan, conditions: Conditions
) -> Generator[Calibration | Sample | Failure | Stop, None, None]:
    """Yield every record of the run as it comes; the last is how it stopped.

    Raises InputError for what the user has to mend, before the first record, and HostError when no
    host can be started before the first sample; after it, the run ends as failed. Closing the
    iterator ends the hosts.
    """
    run = Run(
        plan=plan,
        conditions=conditions,
        started_ns=conditions.clock(),
        hosts=Seats(conditions.start_host),
        alive=list(plan.cases),
        dice=random.Random(plan.seed),
    )
    try:
        before_measuring = [*_leave_out_unavailable(run), *_calibrate(run)]
        _check_budget(run)
        yield from before_measuring
        reason = yield from _measure(run)
        yield Stop(
            reason=reason,
            rounds=run.rounds,
            hosts=run.hosts.started,
            elapsed_ns=run.elapsed_ns(),
        )
    finally:
        run.hosts.close()


def _leave_out_unavailable(run: Run) -> Iterator[Failure]:
    for case in list(run.alive):
        reason = backends.why_unavailable(backends.find(case.backend))
        if reason is not None:
            run.alive.remove(case)
            yield failure(run, case, Status.UNAVAILABLE, reason)


def _calibrate(run: Run) -> Iterator[Calibration | Failure]:
    """Find out how much work a grain is, for every workload, in the first host."""
    for key, cases in parts_of(run.alive).items():
        case = cases[0]
        check = ask(run, case, CheckRequest(workload=case.workload))
        if isinstance(check, FailedReply) and check.kind == "input":
            raise InputError(check.reason)
        request = CalibrateRequest(workload=case.workload, grain_ns=case.grain_ns)
        reply = check if isinstance(check, FailedReply) else ask(run, case, request)
        if isinstance(reply, CalibratedReply):
            run.calibrations[key] = calibration_of(case, reply.ns_per_unit, alone=reply.alone)
            yield run.calibrations[key]
            continue
        reason = reply.reason if isinstance(reply, FailedReply) else "it did not calibrate"
        for dead in cases:
            run.alive.remove(dead)
            yield failure(run, dead, Status.FAILED, reason)


def _check_budget(run: Run) -> None:
    """Refuse, before measuring, a budget in which no case can be sampled once."""
    for case in run.alive:
        needed = shortest_sample_ns(run, case)
        if needed > run.plan.budget_ns:
            raise InputError(
                f"a budget of {durations.format(run.plan.budget_ns)} is too short for one sample"
                f" of {case.workload}, which takes {durations.format(needed)}"
            )


def _measure(run: Run) -> Generator[Sample | Failure, None, StopReason]:
    """Carry out rounds until the samples suffice or the budget is spent. Return which."""
    while run.alive:
        if run.rounds and run.left_ns() < run.round_ns:
            return StopReason.BUDGET
        spent_before_ns = run.spent_ns()
        for case in shuffled(run.alive, run.dice):
            yield from _sample(run, case)
            if run.without_host:
                run.rounds += 1
                return StopReason.FAILED
            if run.left_ns() <= 0:
                run.rounds += 1
                return StopReason.BUDGET
        run.rounds += 1
        round_ns = run.spent_ns() - spent_before_ns
        run.round_ns = min(run.round_ns or round_ns, round_ns)
        _settle(run)
    return StopReason.PRECISION if run.settled else StopReason.FAILED


def _settle(run: Run) -> None:
    """Leave out from now on what is known well enough."""
    if run.rounds < run.asks_at:
        return
    # The answer takes longer with every round: of a long run, the asking must not grow to be most.
    run.asks_at = max(run.rounds + 1, run.rounds * 21 // 20)
    unsettled: list[Case] = []
    for part, cases in parts_of(run.alive).items():
        samples = [s for s in run.samples if (s.case.workload, s.case.grain_ns) == part]
        hosts = {sample.host for sample in samples}
        planned = [c for c in run.plan.cases if (c.workload, c.grain_ns) == part]
        if len(hosts) < FEWEST_HOSTS or not run.conditions.enough(
            replace(run.plan, cases=tuple(planned)), samples
        ):
            unsettled += cases
    run.settled = run.settled or len(unsettled) < len(run.alive)
    run.alive = unsettled


def _sample(run: Run, case: Case) -> Iterator[Sample | Failure]:
    processors = run.conditions.processors
    visited = run.dice.sample(processors, len(processors))
    calibration = run.calibrations[case.workload, case.grain_ns]
    order = pinned(touring(order_for(run, case), calibration, visited), run.plan.pinned)
    request = SampleRequest(backend=case.backend, order=order)
    reply = ask(run, case, request)
    if isinstance(reply, SampleReply):
        elapsed = order.window_ns or max(reading.wall_ns for reading in reply.readings)
        sample = Sample(
            case=case,
            round=run.rounds,
            host=run.hosts.asked,
            window=order.window_ns is not None,
            elapsed_ns=elapsed,
            readings=reply.readings,
            steal_ticks=reply.steal_ticks,
            gil_enabled=reply.gil_enabled,
            shares_the_gil=backends.find(case.backend).shares_the_gil,
            processors=order.processors,
            rejection=None,
        )
        sample = replace(sample, rejection=run.conditions.judge(sample))
        run.samples.append(sample)
        yield sample
        return
    unavailable = isinstance(reply, FailedReply) and reply.kind == "unavailable"
    reason = reply.reason if isinstance(reply, FailedReply) else "it gave no sample"
    run.alive.remove(case)
    yield failure(run, case, Status.UNAVAILABLE if unavailable else Status.FAILED, reason)
