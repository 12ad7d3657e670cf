"""What is said of races, and what became of it here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench import quantities
from gilbench.comparison import Claim, Outcome, Unit, Way
from gilbench.studies.comparison.races.forms import (
    APPEND,
    CALLING,
    CELL,
    LOCK,
    MESSAGE,
    PLAIN,
    SAFE,
    unsafe_of,
)
from gilbench.studies.comparison.races.tally import Count

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gilbench.studies.comparison.races.tally import Cost, Tally

__all__ = ["claims", "of_the_gil"]

# Fewer say nothing: a thread makes so many while it has the GIL once.
_ENOUGH: Final = 100_000
# What is closer than that is as cheap.
_CHEAPER: Final = 1.2
_SAID: Final[Mapping[Way, str]] = {
    Way.THREAD: "threads",
    Way.INTERPRETER: "subinterpreters",
    Way.FORK: "forked processes",
    Way.FORKSERVER: "forkserver processes",
    Way.SPAWN: "spawned processes",
}
_CALLING: Final[Mapping[str, str]] = {
    "call": "`x += one()`",
    "convert": "`x = int(x) + 1`",
    "property": "`account.x += 1` where x is a property",
    "number": "`x += 1` where x has an __add__ in Python",
}
_PROCESSES: Final = (Way.FORK, Way.FORKSERVER, Way.SPAWN)


def of_the_gil(tally: Tally) -> tuple[Outcome, str]:
    """Return what became of "The GIL makes `x += 1` safe", and the sentence that decides.

    One form that loses is enough against it; none that does is no proof for it.
    """
    plain, calling = (tally.count(Way.THREAD, forms) for forms in (PLAIN, CALLING))
    if not plain.made or not calling.made:
        return Outcome.INCONCLUSIVE, f"No threads raced: {_why(tally, Way.THREAD, PLAIN[0])}."
    if not plain.lost and not calling.lost:
        return Outcome.INCONCLUSIVE, (
            f"Two threads lost none of {plain.made + calling.made} updates, in no form: that is no"
            " proof that none can be lost."
        )
    if not tally.gil():
        return Outcome.DOES_NOT_HOLD, (
            f"There is no GIL here: two threads lost {_lost(tally.count(Way.THREAD, PLAIN[:1]))} by"
            f" `x += 1` on a global int, and {_lost(plain + calling)} in all forms of it."
        )
    told = [
        f"{_lost(count)} by {said}"
        for form, said in _CALLING.items()
        if (count := tally.count(Way.THREAD, [form])).lost
    ]
    seen = f"{_lost(plain)} by `x += 1` on an int in a global, an attribute, a dict or an array"
    return (
        Outcome.DOES_NOT_HOLD,
        f"Two threads lost {seen}{', but ' if told else ''}{'; '.join(told)}.",
    )


def claims(tally: Tally) -> tuple[Claim, ...]:
    """Return the further claims, of what was raced."""
    return tuple(
        claim
        for claim in (
            _append(tally),
            _nothing_shared(tally, (Way.INTERPRETER,), "Subinterpreters"),
            _nothing_shared(tally, _PROCESSES, "Processes"),
            _value(tally),
            _safe(tally),
            _messages(tally),
        )
        if claim is not None
    )


def _append(tally: Tally) -> Claim | None:
    count = tally.count(Way.THREAD, [APPEND])
    if not count.made:
        return None
    others = tally.count(Way.THREAD, (*PLAIN, *CALLING))
    holds, deciding = Outcome.INCONCLUSIVE, f"Two threads lost {_lost(count)}."
    if count.lost:
        holds = Outcome.DOES_NOT_HOLD
    elif others.lost and count.made >= _ENOUGH:
        holds = Outcome.HOLDS
        deciding = (
            f"Two threads lost {_lost(count)}, and {_lost(others)} in other forms beside it; that"
            " is no proof, but Python's documentation says so too."
        )
    return Claim(claim="list.append is thread-safe.", holds=holds, deciding=deciding)


def _nothing_shared(tally: Tally, ways: Sequence[Way], who: str) -> Claim | None:
    counts = {way: tally.count(way, [CELL]) for way in ways}
    raced = {way: count for way, count in counts.items() if count.made}
    if not raced:
        return None
    lost = any(count.lost for count in raced.values())
    told = ", ".join(f"two {_SAID[way]} lost {_lost(count)}" for way, count in raced.items())
    return Claim(
        claim=f"{who} have no races: they share nothing.",
        holds=Outcome.DEPENDS if lost else Outcome.INCONCLUSIVE,
        deciding=f"On memory that they share, which they have to ask for, {told}.",
    )


def _value(tally: Tally) -> Claim | None:
    count = _all(tally, _PROCESSES, "value")
    if not count.made:
        return None
    return Claim(
        claim="A multiprocessing.Value has a lock, so `value.value += 1` is safe.",
        holds=Outcome.DOES_NOT_HOLD if count.lost else Outcome.INCONCLUSIVE,
        deciding=(
            f"Two processes lost {_lost(count)}: it locks the read and the write, not both at once,"
            " as `with value.get_lock():` does."
        ),
    )


def _safe(tally: Tally) -> Claim | None:
    ways = [way for way in Way if tally.count(way, SAFE).made]
    unsafe = sum((_unsafe(tally, way) for way in ways), Count())
    safe = sum((tally.count(way, SAFE) for way in ways), Count())
    if not ways:
        return None
    holds = Outcome.INCONCLUSIVE
    if safe.lost:
        holds = Outcome.DOES_NOT_HOLD
    elif unsafe.lost and safe.made >= _ENOUGH:
        holds = Outcome.HOLDS
    return Claim(
        claim="A lock, an atomic or a message for each update loses nothing.",
        holds=holds,
        deciding=f"They lost {_lost(safe)}; without them {_lost(unsafe)} were lost.",
    )


def _messages(tally: Tally) -> Claim | None:
    ratios = {
        way: ratio for way in _PROCESSES if (ratio := tally.ratio(way, MESSAGE, LOCK)) is not None
    }
    if not ratios:
        return None
    told = ", ".join(
        f"{quantities.format(ratio.value, Unit.FACTOR)} times as long by {_SAID[way]}"
        for way, ratio in ratios.items()
    )
    return Claim(
        claim="Between processes, passing messages is cheaper than taking a lock.",
        holds=_cheaper(list(ratios.values())),
        deciding=f"Over an update under a lock on shared memory, one that is sent took {told}.",
    )


def _cheaper(ratios: Sequence[Cost]) -> Outcome:
    dearer = [ratio.low > _CHEAPER for ratio in ratios]
    cheaper = [ratio.high < 1 / _CHEAPER for ratio in ratios]
    if all(dearer):
        return Outcome.DOES_NOT_HOLD
    if all(cheaper):
        return Outcome.HOLDS
    return Outcome.DEPENDS if any(dearer) and any(cheaper) else Outcome.INCONCLUSIVE


def _unsafe(tally: Tally, way: Way) -> Count:
    forms = (*PLAIN, *CALLING) if way is Way.THREAD else (unsafe_of(way), "view", "raw", "value")
    return tally.count(way, forms)


def _all(tally: Tally, ways: Sequence[Way], form: str) -> Count:
    return sum((tally.count(way, [form]) for way in ways), Count())


def _lost(count: Count) -> str:
    """Return such as `21.4 % of 1076500`, or `none of 1076500`."""
    if not count.lost:
        return f"none of {count.made}"
    return f"{quantities.format(count.share, Unit.SHARE)} of {count.made}"


def _why(tally: Tally, way: Way, form: str) -> str:
    return tally.lacking(way, form) or "they were not tried"
