"""The conductor: calibrates, then asks hosts for every case, round after round."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from gilbench import backends, durations, workloads
from gilbench.errors import HostError, InputError
from gilbench.experiment.link import HostLostError, HostProcess
from gilbench.experiment.rounds import parts_of, shuffled
from gilbench.experiment.seats import FEWEST_HOSTS, Seats
from gilbench.experiment.window import calibration_of, order_of, pinned, touring
from gilbench.host.protocol import (
    CalibratedReply,
    CalibrateRequest,
    CheckRequest,
    FailedReply,
    SampleReply,
    SampleRequest,
)
from gilbench.model import Calibration, Case, Failure, Plan, Sample, Status, Stop, StopReason

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    from gilbench.experiment.link import Host
    from gilbench.host.protocol import Message
    from gilbench.model import Rejection
    from gilbench.worker import Order

__all__ = ["FEWEST_ROUNDS", "Conditions", "conduct"]

# Fewer rounds give no 95 % interval of a median.
FEWEST_ROUNDS: Final = 6

# A subinterpreter with our modules in it, on a machine that is busy.
_SECONDS_TO_MAKE_A_WORKER: Final = 0.5
# What `chase` shuffles: a fifteenth of what was seen, since not everything is as near.
_BYTES_TO_MAKE_IN_A_SECOND: Final = 30_000_000


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """What the conductor is told about the machine and the analysis.

    `judge` says why a sample does not count, `enough` whether the samples of a part of the plan
    suffice for it. `processors` are those that a lone worker visits. `clock` is in nanoseconds.
    `patience_s` is how long a host may be silent whatever it does.
    """

    cores: int
    gil_enabled: bool
    judge: Callable[[Sample], Rejection | None]
    enough: Callable[[Plan, Sequence[Sample]], bool]
    clock: Callable[[], int]
    processors: tuple[int, ...] = ()
    start_host: Callable[[], Host] = HostProcess
    patience_s: float = 20.0


@dataclass
class _Run:
    """What changes while a plan is carried out."""

    plan: Plan
    conditions: Conditions
    started_ns: int
    hosts: Seats
    alive: list[Case]
    dice: random.Random
    calibrations: dict[tuple[str, int], Calibration] = field(default_factory=dict)
    samples: list[Sample] = field(default_factory=list)
    rounds: int = 0
    # Whether some part of the plan is known well enough.
    settled: bool = False
    # After how many rounds that is asked again.
    asks_at: int = FEWEST_ROUNDS
    # Whether no host could be started any more, when others had measured already.
    without_host: bool = False
    # The shortest so far: a host's first round also starts its workers.
    round_ns: int = 0
    lost_ns: int = 0

    def elapsed_ns(self) -> int:
        return self.conditions.clock() - self.started_ns

    def spent_ns(self) -> int:
        """What counts against the budget: not the wait for a host that hung, which cost its case
        already and must not cost the others'.
        """
        return self.elapsed_ns() - self.lost_ns

    def left_ns(self) -> int:
        return self.plan.budget_ns - self.spent_ns()


def conduct(
    plan: Plan, conditions: Conditions
) -> Generator[Calibration | Sample | Failure | Stop, None, None]:
    """Yield every record of the run as it comes; the last is how it stopped.

    Raises InputError for what the user has to mend, before the first record, and HostError when no
    host can be started before the first sample; after it, the run ends as failed. Closing the
    iterator ends the hosts.
    """
    run = _Run(
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


def _leave_out_unavailable(run: _Run) -> Iterator[Failure]:
    for case in list(run.alive):
        reason = backends.why_unavailable(backends.find(case.backend))
        if reason is not None:
            run.alive.remove(case)
            yield _failure(run, case, Status.UNAVAILABLE, reason)


def _calibrate(run: _Run) -> Iterator[Calibration | Failure]:
    """Find out how much work a grain is, for every workload, in the first host."""
    for key, cases in parts_of(run.alive).items():
        case = cases[0]
        check = _ask(run, case, CheckRequest(workload=case.workload))
        if isinstance(check, FailedReply) and check.kind == "input":
            raise InputError(check.reason)
        request = CalibrateRequest(workload=case.workload, grain_ns=case.grain_ns)
        reply = check if isinstance(check, FailedReply) else _ask(run, case, request)
        if isinstance(reply, CalibratedReply):
            run.calibrations[key] = calibration_of(case, reply.ns_per_unit, alone=reply.alone)
            yield run.calibrations[key]
            continue
        reason = reply.reason if isinstance(reply, FailedReply) else "it did not calibrate"
        for dead in cases:
            run.alive.remove(dead)
            yield _failure(run, dead, Status.FAILED, reason)


def _check_budget(run: _Run) -> None:
    """Refuse, before measuring, a budget in which no case can be sampled once."""
    for case in run.alive:
        needed = _shortest_sample_ns(run, case)
        if needed > run.plan.budget_ns:
            raise InputError(
                f"a budget of {durations.format(run.plan.budget_ns)} is too short for one sample"
                f" of {case.workload}, which takes {durations.format(needed)}"
            )


def _shortest_sample_ns(run: _Run, case: Case) -> int:
    calibration = run.calibrations[case.workload, case.grain_ns]
    order = _order(run, case)
    if order.window_ns is not None:
        return order.window_ns
    return round((order.calls or 1) * calibration.units_per_call * calibration.ns_per_unit)


def _measure(run: _Run) -> Generator[Sample | Failure, None, StopReason]:
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


def _settle(run: _Run) -> None:
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


def _sample(run: _Run, case: Case) -> Iterator[Sample | Failure]:
    processors = run.conditions.processors
    visited = run.dice.sample(processors, len(processors))
    calibration = run.calibrations[case.workload, case.grain_ns]
    order = pinned(touring(_order(run, case), calibration, visited), run.plan.pinned)
    request = SampleRequest(backend=case.backend, order=order)
    reply = _ask(run, case, request)
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
    yield _failure(run, case, Status.UNAVAILABLE if unavailable else Status.FAILED, reason)


def _order(run: _Run, case: Case) -> Order:
    calibration = run.calibrations[case.workload, case.grain_ns]
    return order_of(
        case, calibration, cores=run.conditions.cores, gil_enabled=run.conditions.gil_enabled
    )


def _ask(run: _Run, case: Case, request: Message) -> Message:
    """Return the reply of the host whose turn it is; a lost host is a failed reply."""
    asked_ns = run.conditions.clock()
    try:
        return run.hosts.ask(run.rounds, request, _timeout_s(run, case, request))
    except HostLostError as error:
        run.lost_ns += run.conditions.clock() - asked_ns
        return FailedReply(kind="failed", reason=str(error))
    except HostError as error:
        if not run.samples:
            raise
        run.without_host = True
        return FailedReply(kind="failed", reason=str(error))


def _timeout_s(run: _Run, case: Case, request: Message) -> float:
    """Return how long the host may be silent: generous, since a wrong alarm costs a case."""
    expected = run.plan.budget_ns
    if isinstance(request, SampleRequest):
        # Workers that share a GIL take turns, and each warms up with a call.
        expected = 4 * (case.workers + 1) * _shortest_sample_ns(run, case)
    workers = case.workers if isinstance(request, SampleRequest) else 1
    bytes = workers * workloads.find(case.workload).bytes
    to_start_s = workers * _SECONDS_TO_MAKE_A_WORKER + bytes / _BYTES_TO_MAKE_IN_A_SECOND
    return min(max(run.conditions.patience_s, to_start_s, expected / 1e9), threading.TIMEOUT_MAX)


def _failure(run: _Run, case: Case, status: Status, reason: str) -> Failure:
    return Failure(case=case, round=run.rounds, host=run.hosts.asked, status=status, reason=reason)
