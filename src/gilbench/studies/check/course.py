"""The passes over a target at one size, in their order: timed, watched, shut out, raced."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from gilbench.evidence import Subject
from gilbench.host.protocol import ObserveRequest, ShutOutRequest, TimeRequest
from gilbench.studies.check.held import held_share
from gilbench.studies.check.race import Race
from gilbench.studies.check.verdict import was_away

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Generator, Iterator, Sequence

    from gilbench.evidence import Observation, ShutOut, Timing
    from gilbench.results import CheckRecord
    from gilbench.studies.check.examiner import Examiner

__all__ = ["Course", "Effort"]

_MS: Final = 1_000_000
# From here on calls are counted, so that the last one does not overshoot a span by much.
_COUNTED_CALL_NS: Final = 2 * _MS
_SHORTEST_CONTROL_NS: Final = 10_000
_LONGEST_CONTROL_NS: Final = 250 * _MS
_BATCH_NS: Final = 30 * _MS
# Where the thread that asks woke on the core of the calls, and stayed there: it seldom does twice.
_TRIES_FOR_A_BATCH: Final = 2
# Less of the call is held than this: then it is not asked whether it hands over.
_HELD_NEARLY_ALL: Final = 0.9


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
            race = Race(
                examiner=self.examiner,
                dice=self.dice,
                cores=self.cores,
                processors=self.processors,
                left_ns=self.left_ns,
                whole_calls=self.whole_calls,
            )
            yield from race.run(workload, timing, effort.ways, effort.scaling_rounds)

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


def _extent(call_ns: float, span_ns: int) -> tuple[int, int]:
    """Return how many calls and which span bound a pass: a span, or a count of long calls."""
    if call_ns < _COUNTED_CALL_NS:
        return 0, span_ns
    return max(1, round(span_ns / call_ns)), 0
