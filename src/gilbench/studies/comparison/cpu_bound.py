"""`cpu-bound`: what is best for work that keeps a core busy?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from gilbench.comparison import Claim, Evidence, Fact, Outcome, Row, Way
from gilbench.model import Mode
from gilbench.studies.comparison.kernel import Kernel
from gilbench.studies.comparison.race import Race, race, racers
from gilbench.studies.comparison.runners import process_way
from gilbench.studies.comparison.shares import share_cells
from gilbench.studies.comparison.speedups import Gain, beside, speedups, undecided
from gilbench.studies.comparison.words import workers_of
from gilbench.workloads.statement import statement_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gilbench.comparison import FactsPlan, Trial
    from gilbench.studies.comparison.laboratory import Laboratory
    from gilbench.studies.comparison.speedups import Speedup, Speedups

__all__ = ["CPU_BOUND", "CpuBoundRow"]

_PYTHON: Final = "python"
_NUMPY: Final = "numpy"
_HOLDING: Final = "spin-hold"
_RELEASING: Final = "spin-release"
# 64 KiB: it stays in a core's cache, so that memory bandwidth does not come into it, and numpy is
# within its own loop, where it releases, for nearly all of a call.
_SINE: Final = statement_text(
    "numpy.sin(angles)",
    """
try:
    import numpy
except ImportError as error:
    # What numpy says of it is a page long; the reason is at the end of the chain.
    while error.__cause__ is not None:
        error = error.__cause__
    raise error from None
angles = numpy.linspace(0.0, 100.0, 8192)
""",
)
# What they are called in a sentence.
_SAID: Final[Mapping[str, str]] = {
    _PYTHON: "pure Python",
    _HOLDING: "C that holds the GIL",
    _RELEASING: "C that releases it",
    _NUMPY: "numpy",
}
_PROCESSES: Final = (Way.FORK, Way.SPAWN)
# Of what processes do: whoever does as much is as good, whoever does less is worse.
_AS_GOOD: Final = 0.85
_WORSE: Final = 0.7


@dataclass(frozen=True, kw_only=True)
class CpuBoundRow:
    """What each way is worth for work of four kinds."""

    name: str = "cpu-bound"
    question: str = "What is best for work that keeps a core busy?"
    claim: str = "CPU-bound work needs processes; threads do not speed it up."
    race: Race = race

    def measure(
        self,
        plan: FactsPlan,
        laboratory: Laboratory,  # noqa: ARG002 - a race has a host of its own
        budget_ns: int,
    ) -> Iterator[Trial]:
        """Yield the trials of a race: numpy in every way, the others with one start method."""
        processes = process_way()
        few = (Way.THREAD, Way.INTERPRETER, processes)
        kernels = (
            Kernel(
                name=_PYTHON,
                workload="python",
                ways=few,
                undecided=partial(_undecided, plan.seed),
            ),
            Kernel(
                name=_HOLDING,
                workload="spin",
                mode=Mode.HOLD,
                ways=(Way.THREAD, processes),
                undecided=partial(undecided, _HOLDING, plan.seed),
            ),
            Kernel(
                name=_RELEASING,
                workload="spin",
                mode=Mode.RELEASE,
                ways=(Way.THREAD, processes),
                undecided=partial(undecided, _RELEASING, plan.seed),
            ),
            Kernel(
                name=_NUMPY,
                workload=_SINE,
                ways=few if plan.quick else tuple(Way),
                undecided=partial(undecided, _NUMPY, plan.seed),
            ),
        )
        yield from self.race(
            self.name, kernels, workers=racers(plan), budget_ns=budget_ns, seed=plan.seed
        )

    def find(self, plan: FactsPlan, trials: Sequence[Trial]) -> Row:
        """Return the speedups by kernel, and whether threads have any."""
        workers = racers(plan)
        found = {kernel: speedups(trials, kernel, plan.seed) for kernel in _SAID}
        holds = _outcome([each.gain(Way.THREAD) for each in found.values()])
        return Row(
            row=self.name,
            question=self.question,
            fact=f"speedup of {workers} workers, numpy",
            columns=found[_NUMPY].cells(),
            claim=self.claim,
            holds=holds,
            evidence=Evidence(
                deciding=_deciding(found, workers, holds),
                facts=(
                    *(
                        Fact(
                            name=f"speedup of {workers} workers, {_SAID[kernel]}",
                            columns=each.cells(),
                        )
                        for kernel, each in found.items()
                        if kernel != _NUMPY
                    ),
                    Fact(
                        name="time that a worker waits for the GIL, C that holds it",
                        columns=share_cells(trials, _HOLDING, "gil_wait_share", plan.seed),
                    ),
                ),
                claims=_claims(found[_PYTHON], _of_processes(trials, plan.seed), workers),
                notes=(
                    "Where a start method was left out: how processes were started makes no"
                    " difference to work that lasts.",
                ),
            ),
        )


def _outcome(gains: Sequence[Gain]) -> Outcome:
    known = {gain for gain in gains if gain is not Gain.UNKNOWN}
    if Gain.PART in known or len(known) > 1:
        return Outcome.DEPENDS
    if Gain.UNKNOWN in gains:
        return Outcome.INCONCLUSIVE
    return Outcome.HOLDS if known == {Gain.NOTHING} else Outcome.DOES_NOT_HOLD


def _deciding(found: Mapping[str, Speedups], workers: int, holds: Outcome) -> str:
    measured = {kernel: each for kernel, each in found.items() if Way.THREAD in each.of}
    told = []
    if measured:
        done = [
            f"{each.of[Way.THREAD].value:.2f} on {_SAID[kernel]}"
            for kernel, each in measured.items()
        ]
        told.append(f"{workers_of(Way.THREAD, workers)} did the work of {_listed(done)}")
    best = [each.best() for each in found.values()]
    values = [speedup.value for _, speedup in filter(None, best)]
    if values:
        told.append(f"the best other way that of {min(values):.2f} to {max(values):.2f}")
    if holds is Outcome.INCONCLUSIVE:
        kernel, unknown = next(
            (kernel, each)
            for kernel, each in found.items()
            if each.gain(Way.THREAD) is Gain.UNKNOWN
        )
        told.append(f"{_SAID[kernel]} tells nothing: {unknown.why_unknown(Way.THREAD)}")
    sentence = "; ".join(told)
    return f"{sentence[0].upper()}{sentence[1:]}."


def _listed(parts: Sequence[str]) -> str:
    *front, last = parts
    return f"{', '.join(front)} and {last}" if front else last


def _undecided(seed: int, trials: Sequence[Trial]) -> bool:
    """Return whether more rounds of pure Python may tell what threads and subinterpreters gain."""
    part = _of_processes(trials, seed)
    return undecided(_PYTHON, seed, trials) or (
        part is not None and _as_processes(part) is Outcome.INCONCLUSIVE
    )


def _of_processes(trials: Sequence[Trial], seed: int) -> Speedup | None:
    """Return what part subinterpreters do of what processes do, null where either is missing."""
    found = (beside(trials, _PYTHON, Way.INTERPRETER, way, seed) for way in _PROCESSES)
    return next(filter(None, found), None)


def _as_processes(part: Speedup) -> Outcome:
    if part.low >= _AS_GOOD:
        return Outcome.HOLDS
    if part.high < _WORSE:
        return Outcome.DOES_NOT_HOLD
    if part.low >= _WORSE and part.high < _AS_GOOD:
        return Outcome.DEPENDS
    return Outcome.INCONCLUSIVE


def _claims(python: Speedups, part: Speedup | None, workers: int) -> tuple[Claim, ...]:
    """Return what is said of subinterpreters; nothing where they or processes were not measured."""
    interpreters = python.of.get(Way.INTERPRETER)
    processes = next(((way, python.of[way]) for way in _PROCESSES if way in python.of), None)
    if interpreters is None or processes is None:
        return ()
    way, speedup = processes
    return (
        Claim(
            claim="Subinterpreters do for pure Python what processes do.",
            holds=Outcome.INCONCLUSIVE if part is None else _as_processes(part),
            deciding=(
                f"On pure Python {workers_of(Way.INTERPRETER, workers)} did the work of"
                f" {interpreters.value:.2f}, {workers_of(way, workers)} that of"
                f" {speedup.value:.2f}."
            ),
        ),
    )


CPU_BOUND: Final = CpuBoundRow()
