"""Kernels run side by side in every way, by the main study's conductor: raw trials of it."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from gilbench import machine
from gilbench.comparison import Trial
from gilbench.experiment.conductor import Conditions, conduct
from gilbench.model import Failure, Plan, Rejection, Sample, Status
from gilbench.studies.analysis.rejection import run_queue_seen
from gilbench.studies.comparison.one_host import OneHost
from gilbench.studies.comparison.runners import BASE, WAYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from gilbench.comparison import FactsPlan
    from gilbench.model import Case
    from gilbench.studies.comparison.kernel import Kernel

__all__ = ["ENOUGH_ROUNDS", "FEWEST_ROUNDS", "Race", "race", "racers"]

ENOUGH_ROUNDS: Final = 8
"""More narrow an interval that is compared with margins of a quarter for nobody."""

FEWEST_ROUNDS: Final = 3
"""With fewer a median is not told from a disturbance."""

# More would be starting processes for most of the time that a race has, and show the same.
_MOST_RACERS: Final = 4
# Of one worker's time, then that makes of the 1.0 that threads do 1.1 at most, and of the 2.0 that
# processes do 1.8 at least: a gain of nothing is still told from one of a quarter.
_TOLERANCE: Final = 0.1
# What may be added to the budget while what counts tells nothing.
_PATIENCE_NS: Final = 1_500_000_000
_LONGEST_NS: Final = 60_000_000_000


class Race(Protocol):
    """Who carries out a race."""

    def __call__(
        self, row: str, kernels: Sequence[Kernel], *, workers: int, budget_ns: int, seed: int
    ) -> Iterator[Trial]:
        """Yield a trial for each sample of one worker and of several, by kernel and way."""


def racers(plan: FactsPlan) -> int:
    """Return how many workers of each way race against one."""
    return min(plan.workers, _MOST_RACERS)


def race(
    row: str, kernels: Sequence[Kernel], *, workers: int, budget_ns: int, seed: int
) -> Iterator[Trial]:
    """Yield the trials of rounds in which each case comes once, in shuffled order.

    As many rounds as the budget has time for, at least three, and eight at most where no sample is
    rejected and no kernel undecided. Where fewer than three count by then, or some kernel is
    undecided, it goes on with those for as long again, at most 1.5 s.
    Figures by worker: `units_per_s`; `cpu_share` and `gil_wait_share` of its time, where they are
    known. The word `rejection` says why a sample does not count.
    """
    kernel_of = {case: kernel for kernel in kernels for case in kernel.cases(workers)}
    plan = Plan(
        cases=tuple(kernel_of), budget_ns=_LONGEST_NS, precision=0.0, seed=seed, workers=(workers,)
    )
    course = _Course(row=row, kernel_of=kernel_of, ends_ns=time.monotonic_ns() + budget_ns)
    patience_ns = min(budget_ns, _PATIENCE_NS)
    with closing(conduct(plan, _conditions(course))) as records:
        for record in records:
            if isinstance(record, Failure):
                yield course.failed(record)
            elif isinstance(record, Sample):
                over_ns = course.over_ns()
                if (
                    over_ns >= 0
                    and record.round >= FEWEST_ROUNDS
                    and (over_ns >= patience_ns or course.tells())
                ):
                    return
                yield course.measured(record)


@dataclass(frozen=True, kw_only=True)
class _Course:
    """What has come of a race so far."""

    row: str
    kernel_of: Mapping[Case, Kernel]
    ends_ns: int
    samples: list[Sample] = field(default_factory=list)
    trials: list[Trial] = field(default_factory=list)

    def over_ns(self) -> int:
        """Return by how much the budget is overdrawn."""
        return time.monotonic_ns() - self.ends_ns

    def measured(self, sample: Sample) -> Trial:
        """Return the trial of a sample, which is noted."""
        self.samples.append(sample)
        self.trials.append(_measured(self.row, self.kernel_of[sample.case], sample))
        return self.trials[-1]

    def failed(self, failure: Failure) -> Trial:
        """Return the trial of a failure, which is noted."""
        self.trials.append(_failed(self.row, self.kernel_of[failure.case], failure))
        return self.trials[-1]

    def tells(self) -> bool:
        """Return whether so many rounds count as it takes, and no kernel is undecided."""
        return _counted(self.samples, FEWEST_ROUNDS) and not self._undecided(self.kernel_of)

    def enough(self, part: Plan, samples: Sequence[Sample]) -> bool:
        """Return whether nothing more is wanted of a part of all cases, of which samples are given.

        Past the budget, of those that tell something.
        """
        rounds = ENOUGH_ROUNDS if self.over_ns() < 0 else FEWEST_ROUNDS
        return _counted(samples, rounds) and not self._undecided(part.cases)

    def _undecided(self, cases: Iterable[Case]) -> bool:
        kernels = {kernel.name: kernel for kernel in map(self.kernel_of.__getitem__, cases)}
        return any(kernel.undecided(self.trials) for kernel in kernels.values())


def _conditions(course: _Course) -> Conditions:
    cores = machine.cores()
    return Conditions(
        cores=cores,
        gil_enabled=machine.gil_enabled(),
        judge=lambda sample: _reject(sample, cores),
        enough=course.enough,
        clock=time.monotonic_ns,
        processors=machine.tour(),
        start_host=OneHost(),
    )


def _reject(sample: Sample, cores: int) -> Rejection | None:
    """Return why a sample does not count: as the main study does it, which tolerates a fifth of
    that, since it weighs bites.
    """
    fair = max(0.0, 1 - cores / sample.case.workers)
    if run_queue_seen(sample) > fair + _TOLERANCE:
        return Rejection.RUN_QUEUE
    return Rejection.STEAL if sample.steal_ticks else None


def _counted(samples: Sequence[Sample], rounds: int) -> bool:
    """Return whether every case that was measured has so many rounds with all that it needs."""
    counted: dict[Case, set[int]] = {sample.case: set() for sample in samples}
    for sample in samples:
        if sample.rejection is None:
            counted[sample.case].add(sample.round)
    bases = {
        (case.workload, case.mode): those for case, those in counted.items() if case.backend == BASE
    }
    return bool(counted) and all(
        len(those & bases.get((case.workload, case.mode), set())) >= rounds
        for case, those in counted.items()
    )


def _measured(row: str, kernel: Kernel, sample: Sample) -> Trial:
    readings = sample.readings
    figures = {
        "units_per_s": tuple(each.units / sample.elapsed_ns * 1e9 for each in readings),
        "cpu_share": tuple(_share(each.cpu_ns, each.wall_ns) for each in readings),
        "gil_wait_share": tuple(_share(each.gil_wait_ns, each.wall_ns) for each in readings),
    }
    return Trial(
        row=row,
        name=kernel.name,
        way=WAYS.get(sample.case.backend),
        parameters={"workers": sample.case.workers},
        round=sample.round,
        figures={
            name: tuple(value for value in values if value is not None)
            for name, values in figures.items()
            if None not in values
        },
        words={} if sample.rejection is None else {"rejection": sample.rejection.value},
    )


def _share(part_ns: int | None, whole_ns: int) -> float | None:
    return None if part_ns is None else part_ns / max(1, whole_ns)


def _failed(row: str, kernel: Kernel, failure: Failure) -> Trial:
    return Trial(
        row=row,
        name=kernel.name,
        way=WAYS.get(failure.case.backend),
        parameters={"workers": failure.case.workers},
        round=failure.round,
        status=Status.UNAVAILABLE if failure.status is Status.UNAVAILABLE else Status.FAILED,
        reason=failure.reason,
    )
