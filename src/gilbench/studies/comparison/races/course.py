"""What is raced, and for how long: the trials of `races`."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gilbench.comparison import Way
from gilbench.machine.interpreter import gil_enabled
from gilbench.model import Status
from gilbench.studies.comparison.races.forms import CALLING, SAFE, forms_of
from gilbench.studies.comparison.races.tally import SHORT_SWITCH_NS, Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gilbench.comparison import FactsPlan, Trial
    from gilbench.studies.comparison.laboratory import Laboratory

__all__ = ["course"]

_MS: Final = 1_000_000
_MOST_ROUNDS: Final = 50


@dataclass(frozen=True, kw_only=True)
class _Effort:
    """How much is done: rounds at least, laps in each, and how long each form is raced in a lap.

    Threads that share a GIL race only when they are switched, every 5 ms; others all the time.
    """

    rounds: int
    laps: int
    thread_ns: int
    short_ns: int
    memory_ns: int


# Six laps in all: the fewest that make an interval.
_FULL: Final = _Effort(rounds=2, laps=3, thread_ns=20 * _MS, short_ns=8 * _MS, memory_ns=8 * _MS)
# No time for the short switch interval.
_QUICK: Final = _Effort(rounds=1, laps=2, thread_ns=15 * _MS, short_ns=0, memory_ns=5 * _MS)


@dataclass(frozen=True, kw_only=True)
class _Heat:
    """One trial: who races in which forms, and for how long."""

    way: Way
    forms: tuple[str, ...]
    laps: int
    span_ns: int
    switch_ns: int = 0

    def run(self, row: str, laboratory: Laboratory, round: int) -> Trial:
        return laboratory.trial(
            row,
            "race",
            self.way,
            round=round,
            forms=" ".join(self.forms),
            laps=self.laps,
            span_ns=self.span_ns,
            switch_ns=self.switch_ns,
        )


# Where no form lost anything: threads may have been switched elsewhere each time.
_AGAIN: Final = _Heat(way=Way.THREAD, forms=CALLING, laps=6, span_ns=20 * _MS)
_MOST_AGAIN: Final = 3


def course(
    row: str,
    plan: FactsPlan,
    laboratory: Laboratory,
    budget_ns: int,
    now_ns: Callable[[], int] = time.monotonic_ns,
) -> Iterator[Trial]:
    """Yield rounds of all ways in shuffled order, and another of threads where it is needed."""
    effort = _QUICK if plan.quick else _FULL
    dice = random.Random(plan.seed)
    heats = _heats(effort, share_a_gil=gil_enabled())
    threads: list[Trial] = []
    began_ns = round_began_ns = now_ns()
    for round in range(_MOST_ROUNDS):
        dice.shuffle(heats)
        for heat in list(heats):
            trial = heat.run(row, laboratory, round)
            yield trial
            if trial.status is not Status.OK:
                heats.remove(heat)
            elif heat.way is Way.THREAD:
                threads.append(trial)
        ended_ns = now_ns()
        took_ns, round_began_ns = ended_ns - round_began_ns, ended_ns
        if round + 1 >= effort.rounds and ended_ns - began_ns + took_ns > budget_ns:
            break
    for round in range(_MOST_ROUNDS, _MOST_ROUNDS + _MOST_AGAIN):
        lost = Tally(plan=plan, trials=threads).count(Way.THREAD, CALLING).lost
        if not threads or lost:
            return
        trial = _AGAIN.run(row, laboratory, round)
        yield trial
        threads.append(trial)


def _heats(effort: _Effort, *, share_a_gil: bool) -> list[_Heat]:
    heats = [
        _Heat(
            way=way,
            forms=tuple(forms_of(way)),
            laps=effort.laps,
            span_ns=effort.thread_ns if way is Way.THREAD and share_a_gil else effort.memory_ns,
        )
        for way in Way
    ]
    if effort.short_ns:
        unsafe = tuple(form for form in forms_of(Way.THREAD) if form not in SAFE)
        heats.append(
            _Heat(
                way=Way.THREAD,
                forms=unsafe,
                laps=effort.laps,
                span_ns=effort.short_ns,
                switch_ns=SHORT_SWITCH_NS,
            )
        )
    return heats
