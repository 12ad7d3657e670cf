"""A run as it is carried out: what has become of its plan so far, and how its hosts are asked."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from gilbench import workloads
from gilbench.errors import HostError
from gilbench.experiment.link import HostLostError
from gilbench.experiment.window import order_of
from gilbench.host.protocol import FailedReply, SampleRequest
from gilbench.model import Failure

if TYPE_CHECKING:
    import random

    from gilbench.experiment.conditions import Conditions
    from gilbench.experiment.seats import Seats
    from gilbench.host.protocol import Message
    from gilbench.model import Calibration, Case, Plan, Sample, Status
    from gilbench.worker import Order

__all__ = ["FEWEST_ROUNDS", "Run", "ask", "failure", "order_for", "shortest_sample_ns"]

# Fewer rounds give no 95 % interval of a median.
FEWEST_ROUNDS: Final = 6

# A subinterpreter with our modules in it, on a machine that is busy.
_SECONDS_TO_MAKE_A_WORKER: Final = 0.5
# What `chase` shuffles: a fifteenth of what was seen, since not everything is as near.
_BYTES_TO_MAKE_IN_A_SECOND: Final = 30_000_000


@dataclass
class Run:
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
        """Return the time since its start."""
        return self.conditions.clock() - self.started_ns

    def spent_ns(self) -> int:
        """What counts against the budget: not the wait for a host that hung, which cost its case
        already and must not cost the others'.
        """
        return self.elapsed_ns() - self.lost_ns

    def left_ns(self) -> int:
        """Return what is left of the budget, below zero where that is overspent."""
        return self.plan.budget_ns - self.spent_ns()


def shortest_sample_ns(run: Run, case: Case) -> int:
    """Return how long a sample of the case takes at least, by its workload's calibration."""
    calibration = run.calibrations[case.workload, case.grain_ns]
    order = order_for(run, case)
    if order.window_ns is not None:
        return order.window_ns
    return round((order.calls or 1) * calibration.units_per_call * calibration.ns_per_unit)


def order_for(run: Run, case: Case) -> Order:
    """Return what each worker of one sample of the case is to do, on this run's machine."""
    calibration = run.calibrations[case.workload, case.grain_ns]
    return order_of(
        case, calibration, cores=run.conditions.cores, gil_enabled=run.conditions.gil_enabled
    )


def ask(run: Run, case: Case, request: Message) -> Message:
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


def _timeout_s(run: Run, case: Case, request: Message) -> float:
    """Return how long the host may be silent: generous, since a wrong alarm costs a case."""
    expected = run.plan.budget_ns
    if isinstance(request, SampleRequest):
        # Workers that share a GIL take turns, and each warms up with a call.
        expected = 4 * (case.workers + 1) * shortest_sample_ns(run, case)
    workers = case.workers if isinstance(request, SampleRequest) else 1
    bytes = workers * workloads.find(case.workload).bytes
    to_start_s = workers * _SECONDS_TO_MAKE_A_WORKER + bytes / _BYTES_TO_MAKE_IN_A_SECOND
    return min(max(run.conditions.patience_s, to_start_s, expected / 1e9), threading.TIMEOUT_MAX)


def failure(run: Run, case: Case, status: Status, reason: str) -> Failure:
    """Return the record of what became of the case in this round, and in which host."""
    return Failure(case=case, round=run.rounds, host=run.hosts.asked, status=status, reason=reason)
