"""Trials of communication as they would come: channels that take so long, and more by the byte."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comparisons import make_trial
from gilbench.comparison import Trial, Way

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["LARGE", "SMALL", "Speed", "tried", "whole_run"]

SMALL = (2**6, 2**10, 2**14, 2**18)
LARGE = (2**22, 2**26)


@dataclass(frozen=True, kw_only=True)
class Speed:
    """A trip takes `us` microseconds, and `ms_per_mib` milliseconds for each MiB of the payload."""

    us: float
    ms_per_mib: float = 0.0

    def trip_ns(self, size: int) -> float:
        return 1e3 * self.us + 1e6 * self.ms_per_mib * size / 2**20


# As on a machine of 2 cores, both sides on one of them.
SPEEDS: Mapping[str, Speed] = {
    "reference": Speed(us=11),
    "queue": Speed(us=16),
    "simple-queue": Speed(us=12),
    "interpreter-queue": Speed(us=10_100, ms_per_mib=0.05),
    "interpreter-queue-polled": Speed(us=5, ms_per_mib=0.05),
    "process-queue": Speed(us=30, ms_per_mib=4),
    "process-simple-queue": Speed(us=13, ms_per_mib=4),
    "pipe": Speed(us=16, ms_per_mib=3),
    "array": Speed(us=26, ms_per_mib=3.2),
    "array-beside": Speed(us=48, ms_per_mib=1.6),
    "socketpair": Speed(us=9, ms_per_mib=1),
    "tcp": Speed(us=13, ms_per_mib=1.5),
    "shared-memory": Speed(us=5, ms_per_mib=0.8),
    "shared-memory-in-place": Speed(us=4.5),
    "manager": Speed(us=18, ms_per_mib=3),
}


def tried(
    name: str,
    way: Way,
    speed: Speed,
    sizes: Sequence[int] = SMALL,
    *,
    laps: int = 3,
    cores: int = 2,
    spread: float = 0.01,
    round: int = 0,
    **changed: Any,
) -> Trial:
    """Return a trial whose laps differ by `spread` each."""
    each = [(size, 1 + spread * lap) for lap in range(laps) for size in sizes]
    trips = [speed.trip_ns(size) * factor for size, factor in each]
    told: dict[str, Any] = {
        "figures": {
            "payload_bytes": tuple(size for size, _ in each),
            "trips": tuple(max(1, 2e6 // trip, min(100, 8e6 // trip)) for trip in trips),
            "trip_p50_ns": tuple(trips),
            "trip_p99_ns": tuple(3 * trip for trip in trips),
            "pushes_per_s": tuple(4e9 / trip for trip in trips),
        },
        **changed,
    }
    parameters = {
        "sizes": " ".join(map(str, sizes)),
        "laps": laps,
        "span_ns": 2_000_000,
        "cores": cores,
    }
    return make_trial(
        row="communication", name=name, way=way, parameters=parameters, round=round, **told
    )


def whole_run(changed: Mapping[str, Speed] | None = None, **told: Any) -> list[Trial]:
    """Return the trials of a whole run. On two cores each trip takes 30 us more: the peer wakes."""
    return list(_whole_run({**SPEEDS, **(changed or {})}, **told))


def _whole_run(speeds: Mapping[str, Speed], **told: Any) -> Iterator[Trial]:
    for name, speed in speeds.items():
        way = _way(name)
        apart = Speed(us=speed.us + 30, ms_per_mib=speed.ms_per_mib)
        arrays = {"words": {"arrays": "numpy 2.4.6"}} if name.startswith("array") else {}
        for round in (0, 2):
            yield tried(name, way, apart, round=round, **arrays, **told)
            if not arrays and name != "interpreter-queue":
                yield tried(name, way, speed, cores=1, round=round, **told)
        yield tried(name, way, apart, LARGE, laps=2, round=1, **arrays, **told)
        if name == "process-queue":
            for way in (Way.FORKSERVER, Way.SPAWN):
                yield tried(name, way, apart, (SMALL[0], SMALL[-1]), laps=6, **told)


def _way(name: str) -> Way:
    if name in {"reference", "queue", "simple-queue"}:
        return Way.THREAD
    return Way.INTERPRETER if name.startswith("interpreter") else Way.FORK
