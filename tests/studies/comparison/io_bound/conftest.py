"""Trials as they would come: what a crew of each way did, in figures that a test sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from comparisons import make_plan, make_trial
from gilbench.comparison import Trial, Way
from gilbench.model import Status
from gilbench.studies.comparison.io_bound.course import _asked_of_postgres, _schedules
from gilbench.studies.comparison.runners import process_way
from gilbench.trials.io_bound.schedule import read_schedule, schedule_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gilbench.comparison import FactsPlan

PLAN: Final = make_plan(rows=("io-bound",))
PROCESS: Final = process_way()
# What one worker of each kind does in a second, and how that grows with N of them: as N, up to so
# many times.
_ALONE: Final = {"file": 100_000.0, "file-sync": 2_000.0, "sqlite": 80_000.0, "http": 180.0}
_GROWS: Final = {"file": 2.0, "file-sync": 6.0, "sqlite": 1.0, "http": 100.0}


def done(
    way: Way | None,
    *,
    plan: FactsPlan = PLAN,
    times: Mapping[str, float] | None = None,
    held_up: float = 1.0,
    spread: float = 0.01,
    round: int = 0,
    **changed: Any,
) -> Trial:
    """Return what a crew of a way did, in all windows of its schedule.

    `times`: how many times as much as usual it did of a kind, by the start of an entry's name.
    `held_up`: how many times as long a request took beside a worker that computes. The windows of
    an entry differ by `spread`.
    """
    figures: dict[str, tuple[float, ...]] = {}
    schedule = _schedules(plan).get(way, "")
    for entry in read_schedule(schedule):
        family = entry.kind.partition(":")[0]
        family = family if family in _ALONE else family.partition("-")[0]
        rate = _ALONE[family] * min(entry.workers, _GROWS[family])
        for start, factor in (times or {}).items():
            if entry.name.startswith(start):
                rate *= factor
        longer = held_up if entry.beside else 1.0
        waves = [1 + spread * (number - 1) for number in range(entry.times)]
        took_ns = 1e9 * entry.workers / rate * longer
        figures |= {
            f"{entry.name} requests_per_s": tuple(rate / longer * wave for wave in waves),
            f"{entry.name} p50_ns": tuple(took_ns * wave for wave in waves),
            f"{entry.name} cpu_ns": tuple(100_000.0 * wave for wave in waves),
            f"{entry.name} p99_ns": (2 * took_ns,),
            f"{entry.name} requests": (123.0,),
        }
    given = {
        "row": "io-bound",
        "name": "requests",
        "way": way,
        "round": round,
        "parameters": {"schedule": schedule},
        "figures": figures,
        "words": {"gil": "on"},
    }
    return make_trial(**(given | changed))


def absent(way: Way | None, reason: str, **changed: Any) -> Trial:
    """Return a trial of a way that is not here."""
    return done(way, figures={}, status=Status.UNAVAILABLE, reason=reason, **changed)


def all_ways(**changed: Any) -> Iterator[Trial]:
    """Yield a trial of each way; what differs is told by `thread=dict(…)` and so on."""
    for way in (*Way, None):
        yield done(way, **changed.get("asyncio" if way is None else way.value, {}))


def asked(way: Way | None, rate: float, **changed: Any) -> Trial:
    """Return what a crew of a way asked of the user's server: so many requests per second."""
    schedule = _asked_of_postgres(PLAN)
    given = {
        "name": "postgres",
        "parameters": {"schedule": schedule_text(schedule)},
        "figures": {f"{entry.name} requests_per_s": (rate,) * entry.times for entry in schedule},
    }
    return done(way, **(given | changed))
