"""The jobs of a pass: which channel, by which way, with which payloads; and how many passes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from gilbench.comparison import Way
from gilbench.machine import pinnable
from gilbench.studies.comparison.runners import process_way
from gilbench.trials.communication.catalogue import CHANNELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gilbench.comparison import FactsPlan, Parameter

__all__ = ["ALONE", "Job", "passes", "small_passes"]

ALONE: Final = frozenset({"array", "array-beside"})
"""They load numpy, which is not to be there where others are measured. Each has a host of its own,
whose start takes as long as what it measures: they are tried in the passes of large payloads only.
"""

# By every start method, with few payloads: what goes through it is the headline.
_BY_ALL_METHODS: Final = "process-queue"
# It never sleeps until the other end wakes it, and an interpreter takes long to start.
_UNMOVED: Final = "interpreter-queue-polled"


@dataclass(frozen=True, kw_only=True)
class Job:
    """A channel, tried in one pass: so many laps of `sizes`, each through a channel of its own, and
    then `once` what takes long. A lap has a size as often as it is there.
    """

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
    large passes, and of what is tried alone, further ones as often as small ones, or as large ones.
    """

    small: Sequence[int]
    few: Sequence[int]
    large: Sequence[int]
    alone: Sequence[int]
    once_alone: Sequence[int]
    span_ns: int


# How often each is tried in all: the fewest times that make an interval, or an impression.
_SMALL_TIMES: Final = 6
_LARGE_TIMES: Final = 2

# From 64 B to 64 MiB, each sixteen times the one before.
_FULL: Final = _Scale(
    small=(2**6, 2**10, 2**14, 2**18),
    few=(2**6, 2**18),
    large=(2**22, 2**26),
    alone=(2**22,),
    once_alone=(2**26,),
    span_ns=2_000_000,
)
_QUICK: Final = _Scale(
    small=(2**6, 2**18),
    few=(2**6, 2**18),
    large=(),
    alone=(),
    once_alone=(2**22,),
    span_ns=500_000,
)


def small_passes(plan: FactsPlan) -> int:
    """Return how many passes of small payloads there must be.

    A channel is quick while it is new: after some 20 ms cores sleep more deeply between two
    payloads, sooner or later, and a trip between two takes half as long again. So each lap has a
    new one, and a pass of its own, where that takes little time: where processes are forked.
    """
    if plan.quick:
        return 1
    return _SMALL_TIMES if process_way() is Way.FORK else 2


def passes(plan: FactsPlan) -> tuple[list[Job], list[Job]]:
    """Return a pass of small payloads, and one of large ones and of what is tried once for all.

    Small ones go from core to core, and on one core, where the two sides can be kept on either: it
    makes all the difference to them, and little to large ones.
    """
    scale = _QUICK if plan.quick else _FULL
    most_cores = min(2, len(pinnable()))
    times = _SMALL_TIMES // small_passes(plan)
    small: list[Job] = []
    large: list[Job] = []
    for kind in CHANNELS.values():
        job = Job(
            name=kind.name,
            way=kind.ways[0] if len(kind.ways) == 1 else process_way(),
            sizes=_each(times, scale.small),
            laps=1,
            span_ns=scale.span_ns,
            cores=most_cores,
        )
        few = replace(job, sizes=_each(_SMALL_TIMES, scale.few))
        on_each = [replace(job, cores=cores) for cores in range(1, most_cores)] + [job]
        large_sizes = _each(_LARGE_TIMES, scale.large)
        if kind.name in ALONE:
            sizes, once = [*scale.small, *scale.alone], _each(_LARGE_TIMES, scale.once_alone)
            large.append(replace(job, sizes=sizes, laps=_SMALL_TIMES, once=once))
        elif kind.sleeps:
            # However large a payload is, it waits 10 ms for it, on any number of cores.
            large.append(replace(few, once=large_sizes))
        elif kind.name == _UNMOVED:
            *fewer, most = (
                replace(each, sizes=_each(_SMALL_TIMES, scale.small)) for each in on_each
            )
            large += [*fewer, replace(most, once=large_sizes)]
        else:
            small += on_each
            if large_sizes:
                large.append(replace(job, sizes=large_sizes))
        if kind.name == _BY_ALL_METHODS:
            large += [replace(few, way=way) for way in kind.ways if way != job.way]
    return small, large


def _each(times: int, sizes: Sequence[int]) -> Sequence[int]:
    return [size for size in sizes for _ in range(times)]
