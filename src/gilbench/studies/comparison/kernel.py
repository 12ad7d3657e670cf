"""What a race runs: a kernel, in the ways that its workers are run in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gilbench.model import Case, Mode
from gilbench.studies.comparison.runners import BACKENDS, BASE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gilbench.comparison import Trial, Way

__all__ = ["Kernel"]

_GRAIN_NS: Final = 1_000_000


def _settled(_trials: Sequence[Trial]) -> bool:
    return False


@dataclass(frozen=True, kw_only=True)
class Kernel:
    """What is run, called `name` in trials, and the `ways` that it is run in.

    `undecided` returns whether more of its trials may tell what these do not.
    """

    name: str
    workload: str
    ways: tuple[Way, ...]
    mode: Mode = Mode.HOLD
    undecided: Callable[[Sequence[Trial]], bool] = _settled

    def cases(self, workers: int) -> tuple[Case, ...]:
        """Return the cases: one worker, then so many of each way."""
        asked = [(BASE, 1), *((BACKENDS[way], workers) for way in self.ways)]
        return tuple(
            Case(
                workload=self.workload,
                mode=self.mode,
                backend=backend,
                workers=count,
                grain_ns=_GRAIN_NS,
            )
            for backend, count in asked
        )
