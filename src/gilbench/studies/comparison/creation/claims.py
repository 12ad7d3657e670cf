"""What is claimed of creation, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench import quantities
from gilbench.comparison import Claim, Outcome, Unit, Way
from gilbench.studies.comparison.beside_threads import PROCESSES, all_of, much_more
from gilbench.studies.comparison.creation.course import CREATIONS
from gilbench.studies.comparison.creation.ledger import Time
from gilbench.studies.comparison.ways import each_way, joined, noun

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gilbench.studies.comparison.creation.ledger import Growth, Ledger
    from gilbench.studies.comparison.medians import Median

__all__ = ["claims", "quick_to_create"]

# What is not clearly quicker is neither quicker nor slower: two runs are to agree.
_CLEARLY: Final = 1.25
_MUCH: Final = 3.0
_HARDLY: Final = 2.0
# By creation. Below, the memory is that of a list that grew, or of an arena; an interpreter that is
# not freed, or a thread's stack, is far above.
_NOTHING_BYTES: Final = 1024
_LEAK_BYTES: Final = 4096
_FEWEST_STEPS: Final = 3


def quick_to_create(ledger: Ledger) -> tuple[Outcome, str]:
    """Return whether threads are quick to create and processes slow, and what decides."""
    times = ledger.times(Time.BOTH)
    told = _told(times)
    if not told:
        return Outcome.INCONCLUSIVE, f"It is not known: {_why(ledger, Time.BOTH)}."
    return much_more(times), f"To start a worker with nothing to do and to join it takes {told}."


def claims(ledger: Ledger) -> tuple[Claim, ...]:
    """Return the further claims."""
    return (_interpreters(ledger), _spawning(ledger), _pools(ledger), _leaving(ledger))


def _interpreters(ledger: Ledger) -> Claim:
    claim = "A subinterpreter is quicker to create than a process."
    times = ledger.times(Time.BOTH)
    own = times[Way.INTERPRETER]
    others = {way: time for way in PROCESSES if (time := times[way]) is not None}
    if own is None or not others:
        return _unknown(claim, ledger, Time.BOTH)
    return Claim(
        claim=claim,
        holds=all_of(_quicker(own, other) for other in others.values()),
        deciding=f"To start and to join takes {_told({Way.INTERPRETER: own, **others})}.",
    )


def _spawning(ledger: Ledger) -> Claim:
    claim = "A process is much quicker to fork than to spawn."
    times = ledger.times(Time.BOTH)
    forked, spawned = times[Way.FORK], times[Way.SPAWN]
    if forked is None or spawned is None:
        return _unknown(claim, ledger, Time.BOTH)
    much = spawned.low >= _MUCH * forked.high
    hardly = spawned.high <= _HARDLY * forked.low
    return Claim(
        claim=claim,
        holds=all_of([True if much else False if hardly else None]),
        deciding=(f"To start and to join takes {_told({Way.FORK: forked, Way.SPAWN: spawned})}."),
    )


def _pools(ledger: Ledger) -> Claim:
    claim = "A warm pool saves the creation: a task there costs less than one by a new worker."
    new, pooled = ledger.times(Time.TASK), ledger.times(Time.POOLED)
    both = {
        way: (first, second)
        for way in Way
        if (first := new[way]) is not None and (second := pooled[way]) is not None
    }
    if not both:
        return _unknown(claim, ledger, Time.POOLED)
    told = joined(
        [
            f"{_ns(second)} in place of {_ns(first)} with {noun(way, many=True)}"
            for way, (first, second) in both.items()
        ]
    )
    return Claim(
        claim=claim,
        holds=all_of(_quicker(second, first) for first, second in both.values()),
        deciding=f"A task takes {told}.",
    )


def _leaving(ledger: Ledger) -> Claim:
    claim = "Workers that have ended leave nothing in their parent."
    found = {way: growth for way in Way if (growth := ledger.growth(way)) is not None}
    if not found:
        why = next(iter(ledger.no_growth().values()), "it was not measured")
        return Claim(claim=claim, holds=Outcome.INCONCLUSIVE, deciding=f"It is not known: {why}.")
    told = joined([_grown(way, growth) for way, growth in found.items()])
    return Claim(
        claim=claim,
        holds=all_of(_leaves(growth) for growth in found.values()),
        deciding=f"Over {CREATIONS} creations the parent grew by {told}{_once(found)}.",
    )


def _grown(way: Way, growth: Growth) -> str:
    bytes = quantities.format(growth.over(CREATIONS), Unit.BYTES)
    seen = f" (reckoned from {growth.creations})" if growth.creations < CREATIONS else ""
    return f"{bytes} with {noun(way, many=True)}{seen}"


def _once(found: Mapping[Way, Growth]) -> str:
    """Return what is to be said of growth that is none of each creation."""
    large = [
        growth
        for growth in found.values()
        if _leaves(growth) and growth.over(CREATIONS) > CREATIONS * _NOTHING_BYTES
    ]
    return "; what comes once, or comes and goes, is not left by each" if large else ""


def _leaves(growth: Growth) -> bool | None:
    """Return whether a creation leaves nothing. Once the parent may grow."""
    if growth.steps < _FEWEST_STEPS:
        return None
    return True if growth.each <= _NOTHING_BYTES else False if growth.each >= _LEAK_BYTES else None


def _quicker(one: Median, other: Median) -> bool | None:
    if one.high * _CLEARLY <= other.low:
        return True
    return False if other.high * _CLEARLY <= one.low else None


def _unknown(claim: str, ledger: Ledger, time: Time) -> Claim:
    return Claim(
        claim=claim,
        holds=Outcome.INCONCLUSIVE,
        deciding=f"It is not known: {_why(ledger, time)}.",
    )


def _why(ledger: Ledger, time: Time) -> str:
    return next(iter(ledger.lacking(time).values()), "it was not measured")


def _told(times: Mapping[Way, Median | None]) -> str:
    return each_way(times, Unit.NANOSECONDS)


def _ns(time: Median) -> str:
    return quantities.format(time.value, Unit.NANOSECONDS)
