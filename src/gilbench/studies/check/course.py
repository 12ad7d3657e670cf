"""The passes over a target at one size, in their order: timed, watched, shut out, side by side."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from gilbench.evidence import Subject
from gilbench.experiment.window import order_of, touring
from gilbench.host.protocol import ObserveRequest, SampleRequest, ShutOutRequest, TimeRequest
from gilbench.model import Calibration, Case, Failure, Mode, Rejection, Sample, Status
from gilbench.studies.analysis import reject
from gilbench.studies.check.examiner import UnavailableError
from gilbench.studies.check.held import held_share
from gilbench.studies.check.verdict import was_away

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Generator, Iterator, Sequence

    from gilbench.evidence import Observation, ShutOut, Timing
    from gilbench.results import CheckRecord
    from gilbench.studies.check.examiner import Examiner

__all__ = ["Course", "Effort"]

_MS: Final = 1_000_000
_SERIAL: Final = "serial"
_THREADS: Final = "threads"

# From here on calls are counted, so that the last one does not overshoot a span by much.
_COUNTED_CALL_NS: Final = 2 * _MS
# A window wants 20 calls in it; longer calls are measured in whole ones.
_FIXED_CALL_NS: Final = 2 * _MS
_FIXED_WORK_NS: Final = 60 * _MS
_SHORTEST_CONTROL_NS: Final = 10_000
_LONGEST_CONTROL_NS: Final = 250 * _MS
_BATCH_NS: Final = 30 * _MS
# Where the thread that asks woke on the core of the calls, and stayed there: it seldom does twice.
_TRIES_FOR_A_BATCH: Final = 2
# Less of the call is held than this: then it is not asked whether it hands over.
_HELD_NEARLY_ALL: Final = 0.9
_GRAIN_NS: Final = _MS
_FEWEST_SCALING_ROUNDS: Final = 2
_LONG_CALL_NS: Final = 300 * _MS
# Whoever starts processes and waits for them queues behind its own: that is nobody else's work.
_STARTS_PROCESSES: Final = 0.1


@dataclass(frozen=True, kw_only=True)
class Effort:
    """How much is done for one size.

    `timed_ns`, `watched_ns`, `control_ns`: the spans of the passes. `rounds` of watching, `batches`
    of the target. `ways` are raced beside one another in up to `scaling_rounds`.
    """

    timed_ns: int
    watched_ns: int
    control_ns: int
    rounds: int
    batches: int
    ways: tuple[str, ...]
    scaling_rounds: int


@dataclass(kw_only=True)
class Course:
    """What the passes of one check have in common.

    `left_ns` tells what is left of the budget. `whole_calls`: workers are given calls to make, not
    a window, which not every examiner can end.
    """

    examiner: Examiner
    dice: random.Random
    cores: int
    processors: Sequence[int]
    left_ns: Callable[[], int]
    whole_calls: bool = False
    # Of watching, by size: one is looked at again, and controls belong to their own round.
    _rounds: Counter[int | None] = field(default_factory=Counter, init=False)

    def run(
        self, workload: str, size: int | None, effort: Effort
    ) -> Generator[CheckRecord, None, None]:
        """Yield the records of all passes. Raises InputError where the target cannot be called."""
        timing = self.examiner.time(
            TimeRequest(workload=workload, size=size, span_ns=effort.timed_ns)
        )
        yield timing
        watched = yield from self._watch(workload, timing, effort)
        held = held_share(watched, timing.call_ns, 0)
        if held is None or held.high >= _HELD_NEARLY_ALL:
            yield from self._batches(workload, timing, effort)
        elif effort.batches > 1:
            yield self._batch(workload, timing, Subject.TARGET, 0)
        if effort.ways:
            yield from self._race(workload, timing, effort)

    def _watch(
        self, workload: str, timing: Timing, effort: Effort
    ) -> Generator[Observation, None, list[Observation]]:
        """Watch the target and both controls in turn; return what was seen of the target."""
        call_ns = timing.call_ns
        # Controls last as long as the target; but a minute tells no more than a moment, and one
        # that is much shorter than it takes to attach again releases nothing.
        control_ns = min(max(call_ns, _SHORTEST_CONTROL_NS), _LONGEST_CONTROL_NS)
        sparing = self.cores < 2 or timing.cpu_share > self.cores - 0.5
        seen: list[Observation] = []
        rounds = effort.rounds if call_ns <= 40 * _MS else 2 if call_ns <= 150 * _MS else 1
        longer = 2.0 if sparing else 1.0
        if sparing and self.cores > 1:
            # All that comes later takes longer, too, when each call takes all cores.
            rounds, longer = min(rounds, 2), 1.5
        for _ in range(rounds):
            round = self._rounds[timing.size]
            self._rounds[timing.size] += 1
            subjects = [Subject.HOLD, Subject.TARGET, Subject.RELEASE]
            self.dice.shuffle(subjects)
            for subject in subjects:
                ours = subject is Subject.TARGET
                span_ns = int((effort.watched_ns if ours else effort.control_ns) * longer)
                calls, span_ns = _extent(call_ns if ours else control_ns, span_ns)
                observation = self.examiner.observe(
                    ObserveRequest(
                        workload=workload,
                        size=timing.size,
                        round=round,
                        subject=subject,
                        call_ns=call_ns if ours else control_ns,
                        calls=calls,
                        span_ns=span_ns,
                        sparing=sparing,
                        seed=self.dice.getrandbits(32),
                    )
                )
                yield observation
                if ours:
                    seen.append(observation)
        return seen

    def _batches(self, workload: str, timing: Timing, effort: Effort) -> Iterator[ShutOut]:
        batches = effort.batches if timing.call_ns <= _BATCH_NS else 1
        missed = 0
        for round in range(_TRIES_FOR_A_BATCH * batches):
            batch = self._batch(workload, timing, Subject.TARGET, round)
            yield batch
            missed += bool(batch.granted) and was_away(batch)
            if round + 1 - missed == batches:
                break
        if effort.batches > 1:
            yield self._batch(workload, timing, Subject.HOLD, 0)
            yield self._batch(workload, timing, Subject.PYTHON, 0)

    def _batch(self, workload: str, timing: Timing, subject: Subject, round: int) -> ShutOut:
        call_ns = timing.call_ns
        if subject is not Subject.TARGET:
            call_ns = min(max(call_ns, _SHORTEST_CONTROL_NS), _BATCH_NS)
        calls, span_ns = _extent(call_ns, _BATCH_NS)
        return self.examiner.shut_out(
            ShutOutRequest(
                workload=workload,
                size=timing.size,
                round=round,
                subject=subject,
                call_ns=call_ns,
                calls=calls,
                span_ns=span_ns,
                seed=self.dice.getrandbits(32),
            )
        )

    def _race(self, workload: str, timing: Timing, effort: Effort) -> Iterator[Sample | Failure]:
        """Measure one worker and two of each way, in shuffled order, round after round."""
        cases = [_case(workload, _SERIAL, 1), *(_case(workload, way, 2) for way in effort.ways)]
        fewest = 1 if timing.call_ns > _LONG_CALL_NS else _FEWEST_SCALING_ROUNDS
        for round in range(effort.scaling_rounds):
            before_ns = self.left_ns()
            self.dice.shuffle(cases)
            for case in list(cases):
                record = self._sample(case, timing, round)
                yield record
                if isinstance(record, Failure):
                    cases.remove(case)
            if len(cases) < 2 or all(case.backend != _SERIAL for case in cases):
                return
            left_ns = self.left_ns()
            if round + 1 >= fewest and left_ns < before_ns - left_ns:
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
        if rejection is Rejection.RUN_QUEUE and timing.children_share > _STARTS_PROCESSES:
            rejection = None
        return replace(sample, rejection=rejection)


def _extent(call_ns: float, span_ns: int) -> tuple[int, int]:
    """Return how many calls and which span bound a pass: a span, or a count of long calls."""
    if call_ns < _COUNTED_CALL_NS:
        return 0, span_ns
    return max(1, round(span_ns / call_ns)), 0


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
        alone=timing.cpu_share < 1.1,
    )
