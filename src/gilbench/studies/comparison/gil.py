"""`gil`: do threads speed up Python code, and code that releases the GIL?"""

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
from gilbench.studies.comparison.speedups import Gain, speedups, undecided
from gilbench.studies.comparison.words import did

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gilbench.comparison import FactsPlan, Trial
    from gilbench.studies.comparison.laboratory import Laboratory
    from gilbench.studies.comparison.speedups import Speedups

__all__ = ["GIL", "GilRow"]

_PYTHON: Final = "python"
_RELEASING: Final = "spin-release"

_OF_PYTHON: Final[Mapping[Gain, Outcome]] = {
    Gain.NOTHING: Outcome.HOLDS,
    Gain.PART: Outcome.DEPENDS,
    Gain.MOST: Outcome.DOES_NOT_HOLD,
    Gain.UNKNOWN: Outcome.INCONCLUSIVE,
}
_OF_RELEASING: Final[Mapping[Gain, Outcome]] = {
    Gain.NOTHING: Outcome.DOES_NOT_HOLD,
    Gain.PART: Outcome.DEPENDS,
    Gain.MOST: Outcome.HOLDS,
    Gain.UNKNOWN: Outcome.INCONCLUSIVE,
}


@dataclass(frozen=True, kw_only=True)
class GilRow:
    """The constraint: threads beside the other ways, holding and releasing."""

    name: str = "gil"
    question: str = "Do threads run Python code side by side?"
    claim: str = "Threads do not speed up Python code, because of the GIL; processes do."
    race: Race = race

    def measure(
        self,
        plan: FactsPlan,
        laboratory: Laboratory,  # noqa: ARG002 - a race has a host of its own
        budget_ns: int,
    ) -> Iterator[Trial]:
        """Yield the trials of a race, both kernels in every way; when quick, one start method."""
        ways = (Way.THREAD, Way.INTERPRETER, process_way()) if plan.quick else tuple(Way)
        kernels = (
            Kernel(
                name=_PYTHON,
                workload="python",
                ways=ways,
                undecided=partial(undecided, _PYTHON, plan.seed),
            ),
            Kernel(
                name=_RELEASING,
                workload="spin",
                mode=Mode.RELEASE,
                ways=ways,
                undecided=partial(undecided, _RELEASING, plan.seed),
            ),
        )
        yield from self.race(
            self.name, kernels, workers=racers(plan), budget_ns=budget_ns, seed=plan.seed
        )

    def find(self, plan: FactsPlan, trials: Sequence[Trial]) -> Row:
        """Return the speedups of so many workers, and whether those of threads are any."""
        workers = racers(plan)
        python = speedups(trials, _PYTHON, plan.seed)
        releasing = speedups(trials, _RELEASING, plan.seed)
        gain, freed = python.gain(Way.THREAD), releasing.gain(Way.THREAD)
        return Row(
            row=self.name,
            question=self.question,
            fact=f"speedup of {workers} workers, pure Python",
            columns=python.cells(),
            claim=self.claim,
            # Of processes it speaks, so that of them, too, something must have been seen.
            holds=Outcome.INCONCLUSIVE if python.why_no_process else _OF_PYTHON[gain],
            evidence=Evidence(
                deciding=_told("On pure Python", python, workers) + _no_process(python),
                facts=(
                    Fact(
                        name=f"speedup of {workers} workers, C that releases the GIL",
                        columns=releasing.cells(),
                    ),
                    Fact(
                        name="time that a worker is on a core, pure Python",
                        columns=share_cells(trials, _PYTHON, "cpu_share", plan.seed),
                    ),
                ),
                claims=(
                    Claim(
                        claim="Threads run C code side by side where it releases the GIL.",
                        holds=_OF_RELEASING[freed],
                        deciding=_told("In C that releases the GIL", releasing, workers),
                    ),
                ),
                notes=_notes(plan),
            ),
        )


def _told(where: str, speedups: Speedups, workers: int) -> str:
    """Return what was seen, and why that tells nothing where it does not."""
    seen = did(speedups, workers)
    if speedups.gain(Way.THREAD) is not Gain.UNKNOWN:
        return f"{where} {seen}."
    why = speedups.why_unknown(Way.THREAD)
    return f"{where} {seen}; that tells nothing: {why}." if seen else f"{where}: {why}."


def _no_process(speedups: Speedups) -> str:
    """Return why no process was measured, where another way was, as a sentence after another."""
    why = speedups.why_no_process
    return f" No process was measured: {why}." if why and speedups.best() else ""


def _notes(plan: FactsPlan) -> tuple[str, ...]:
    if not plan.quick:
        return ()
    return (
        "Quick: processes of one start method only; how they were started makes no difference to"
        " work that lasts.",
    )


GIL: Final = GilRow()
