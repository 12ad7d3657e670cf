"""One worker and two of each way beside each other: how two threads do, and two processes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from gilbench.experiment.window import order_of, touring
from gilbench.host.protocol import SampleRequest
from gilbench.model import Calibration, Case, Failure, Mode, Rejection, Sample, Status
from gilbench.studies.analysis import reject
from gilbench.studies.check.examiner import UnavailableError
from gilbench.studies.check.scaling import STARTS_PROCESSES

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator, Sequence

    from gilbench.evidence import Timing
    from gilbench.studies.check.examiner import Examiner

__all__ = ["Race"]

_MS: Final = 1_000_000
_SERIAL: Final = "serial"
_THREADS: Final = "threads"

# A window wants 20 calls in it; longer calls are measured in whole ones.
_FIXED_CALL_NS: Final = 2 * _MS
_FIXED_WORK_NS: Final = 60 * _MS
_GRAIN_NS: Final = _MS
_FEWEST_SCALING_ROUNDS: Final = 2
# Where others took the cores from the threads, or from the one that they are compared with. Not of
# a function with threads of its own, which take them anew each time.
_TRIES_FOR_A_ROUND: Final = 2
_LONG_CALL_NS: Final = 300 * _MS
_MORE_THAN_A_CORE: Final = 1.1


@dataclass(frozen=True, kw_only=True)
class Race:
    """Who is asked for it, on which cores, and how much of the budget is left.

    `whole_calls`: workers are given calls to make, not a window, which not every examiner can end.
    """

    examiner: Examiner
    dice: random.Random
    cores: int
    processors: Sequence[int]
    left_ns: Callable[[], int]
    whole_calls: bool

    def run(
        self, workload: str, timing: Timing, ways: Sequence[str], rounds: int
    ) -> Iterator[Sample | Failure]:
        """Measure one worker and two of each way, in shuffled order, in up to so many rounds."""
        cases = [_case(workload, _SERIAL, 1), *(_case(workload, way, 2) for way in ways)]
        fewest = 1 if timing.call_ns > _LONG_CALL_NS else _FEWEST_SCALING_ROUNDS
        spoilt = 0
        for round in range(rounds):
            before_ns = self.left_ns()
            self.dice.shuffle(cases)
            rejected = False
            for case in list(cases):
                record = self._sample(case, timing, round)
                yield record
                if isinstance(record, Failure):
                    cases.remove(case)
                elif case.backend in {_SERIAL, _THREADS} and _on_one_core(timing):
                    rejected = rejected or record.rejection is not None
            spoilt += rejected
            if len(cases) < 2 or all(case.backend != _SERIAL for case in cases):
                return
            left_ns = self.left_ns()
            enough = round + 1 - spoilt >= fewest or round + 1 >= _TRIES_FOR_A_ROUND * fewest
            if enough and left_ns < before_ns - left_ns:
                return

    def _sample(self, case: Case, timing: Timing, round: int) -> Sample | Failure:
        calibration = _calibration(case, timing, whole_calls=self.whole_calls)
        order = order_of(case, calibration, cores=self.cores, gil_enabled=timing.gil_after)
        if self.processors:
            visited = self.dice.sample(list(self.processors), len(self.processors))
            order = touring(order, calibration, visited)
        try:
            reply = self.examiner.sample(SampleRequest(backend=case.backend, order=order))
        except UnavailableError as error:
            return Failure(
                case=case, round=round, host=0, status=Status.UNAVAILABLE, reason=str(error)
            )
        sample = Sample(
            case=case,
            round=round,
            host=0,
            window=order.window_ns is not None,
            elapsed_ns=order.window_ns or max(1, *(r.wall_ns for r in reply.readings)),
            readings=reply.readings,
            steal_ticks=reply.steal_ticks,
            rejection=None,
            gil_enabled=reply.gil_enabled,
            processors=order.processors,
            shares_the_gil=case.backend in {_SERIAL, _THREADS},
        )
        rejection = reject(sample, self.cores)
        if rejection is Rejection.RUN_QUEUE and timing.children_share > STARTS_PROCESSES:
            rejection = None
        return replace(sample, rejection=rejection)


def _case(workload: str, backend: str, workers: int) -> Case:
    return Case(
        workload=workload, mode=Mode.HOLD, backend=backend, workers=workers, grain_ns=_GRAIN_NS
    )


def _calibration(case: Case, timing: Timing, *, whole_calls: bool) -> Calibration:
    units = max(1, round(_GRAIN_NS / timing.call_ns))
    fixed = whole_calls or timing.call_ns >= _FIXED_CALL_NS
    # Two workers of which each wants all cores take twice as long, and more.
    one_call_ns = units * timing.call_ns * max(1.0, timing.cpu_share)
    return Calibration(
        workload=case.workload,
        grain_ns=case.grain_ns,
        units_per_call=units,
        ns_per_unit=timing.call_ns,
        fixed_calls=max(1, round(_FIXED_WORK_NS / one_call_ns)) if fixed else None,
        alone=_on_one_core(timing),
    )


def _on_one_core(timing: Timing) -> bool:
    return timing.cpu_share < _MORE_THAN_A_CORE
