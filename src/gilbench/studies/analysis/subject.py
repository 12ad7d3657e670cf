"""What a headline speaks of: one workload, one way of running, one worker count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gilbench.labels import labels_of
from gilbench.model import CaseFinding, Mode, Status
from gilbench.studies.analysis.words import count, kernel, noun

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Subject", "subject_of"]


@dataclass(frozen=True, kw_only=True)
class Subject:
    """The findings that the headline speaks of, holding before releasing, and their rivals.

    `rivals` are the other ways of running the same workload on as many workers. `label` is what
    the workload is called, with its grain where there are several.
    """

    label: str
    told: Sequence[CaseFinding]
    rivals: Sequence[CaseFinding]

    @property
    def workload(self) -> str:
        """Return the workload's canonical text."""
        return self.told[0].workload

    @property
    def understood(self) -> bool:
        """Return whether a sentence need not name the workload: who says nothing means `spin`."""
        return self.label == self.workload and kernel(self.workload) == "spin"

    @property
    def workers(self) -> int:
        """Return how many workers there are."""
        return self.told[0].workers

    @property
    def name(self) -> str:
        """Return what a sentence calls them: `two threads`."""
        plural = noun(self.told[0].backend)
        return f"{count(self.workers)} {plural if self.workers > 1 else plural.removesuffix('s')}"

    @property
    def chooses_mode(self) -> bool:
        """Return whether it matters, and can be said, that they hold the GIL or release it."""
        return self.told[0].backend == "threads" and kernel(self.workload) is not None

    def best_rival(self) -> CaseFinding | None:
        """Return the rival with the greatest speedup among those whose figures hold."""
        return max(
            (rival for rival in self.rivals if rival.status is Status.OK and rival.speedup),
            key=lambda rival: rival.speedup.value if rival.speedup else 0.0,
            default=None,
        )


def subject_of(cases: Sequence[CaseFinding]) -> Subject | None:
    """Return the subject of the headline on `cases`, or None without a case.

    Threads come before other ways of running, `spin` before other workloads, and the largest
    worker count before smaller ones.
    """
    if not cases:
        return None
    ways = [case for case in cases if case.backend not in {"serial", "native"}] or list(cases)
    ways = [case for case in ways if case.backend == "threads"] or ways
    ways = [case for case in ways if kernel(case.workload) == "spin"] or ways
    first = max(
        (case for case in ways if case.workload == ways[0].workload), key=lambda case: case.workers
    )
    alike = [
        case
        for case in cases
        if (case.workload, case.workers, case.grain_ns)
        == (first.workload, first.workers, first.grain_ns)
    ]
    told = sorted(
        (case for case in alike if case.backend == first.backend),
        key=lambda case: case.mode is not Mode.HOLD,
    )
    return Subject(
        label=labels_of(cases)(first),
        told=told if first.backend == "threads" else told[:1],
        rivals=[case for case in alike if case.backend != first.backend],
    )
