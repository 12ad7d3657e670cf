"""The jobs of a pass: which channel, by which way, with which payloads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from gilbench.machine import pinnable
from gilbench.studies.comparison.race import process_way
from gilbench.trials.communication.catalogue import CHANNELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gilbench.comparison import FactsPlan, Parameter, Way

__all__ = ["ALONE", "Job", "passes"]

ALONE: Final = frozenset({"array", "array-beside"})
"""They load numpy, which is not to be there where others are measured. Each has a host of its own,
whose start takes as long as what it measures: they are tried in the passes of large payloads only.
"""

# By every start method, with few payloads: what goes through it is the headline.
_BY_ALL_METHODS: Final = "process-queue"
# It waits 10 ms for each payload, of whatever size.
_WAITING: Final = "interpreter-queue"


@dataclass(frozen=True, kw_only=True)
class Job:
    """A channel, tried in one pass: so many laps of `sizes`, and then `once` what takes long."""

    name: str
    way: Way
    sizes: Sequence[int]
    laps: int
    span_ns: int
    cores: int
    once: Sequence[int] = ()

    def parameters(self) -> dict[str, Parameter]:
        """Return what the trial is told."""
        told: dict[str, Parameter] = {
            "sizes": " ".join(map(str, self.sizes)),
            "laps": self.laps,
            "span_ns": self.span_ns,
            "cores": self.cores,
        }
        if self.once:
            told["once"] = " ".join(map(str, self.once))
        return told


@dataclass(frozen=True, kw_only=True)
class _Scale:
    """The payloads: those of small passes, the few of them for what is tried on the side, those of
    large passes, and the large ones of what is tried alone. Small ones are tried in six laps in
    all, the fewest that make an interval, large ones in two.
    """

    small: Sequence[int]
    few: Sequence[int]
    large: Sequence[int]
    alone: Sequence[int]
    span_ns: int
    laps: int


_LAPS: Final = 6
_LARGE_LAPS: Final = 2

# From 64 B to 64 MiB, each sixteen times the one before.
_FULL: Final = _Scale(
    small=(2**6, 2**10, 2**14, 2**18),
    few=(2**6, 2**18),
    large=(2**22, 2**26),
    alone=(2**22, 2**26),
    span_ns=2_000_000,
    laps=3,
)
_QUICK: Final = _Scale(
    small=(2**6, 2**18), few=(2**6, 2**18), large=(), alone=(2**22,), span_ns=500_000, laps=6
)


def passes(plan: FactsPlan) -> tuple[list[Job], list[Job]]:
    """Return a pass of small payloads, and one of large ones and of what is tried alone.

    Small ones go from core to core, and on one core, where the two sides can be kept on either: it
    makes all the difference to them, and little to large ones.
    """
    scale = _QUICK if plan.quick else _FULL
    most_cores = min(2, len(pinnable()))
    small: list[Job] = []
    large: list[Job] = []
    for kind in CHANNELS.values():
        job = Job(
            name=kind.name,
            way=kind.ways[0] if len(kind.ways) == 1 else process_way(),
            sizes=scale.small,
            laps=scale.laps,
            span_ns=scale.span_ns,
            cores=most_cores,
        )
        if kind.name in ALONE:
            once = [size for size in scale.alone for _ in range(_LARGE_LAPS)]
            large.append(replace(job, laps=_LAPS, once=once))
            continue
        if kind.name == _WAITING:
            small.append(replace(job, sizes=scale.few))
        else:
            small += [replace(job, cores=cores) for cores in range(1, most_cores)] + [job]
        if kind.name == _BY_ALL_METHODS:
            small += [replace(job, way=way, sizes=scale.few) for way in kind.ways if way != job.way]
        if scale.large:
            large.append(replace(job, sizes=scale.large, laps=_LARGE_LAPS))
    return small, large
