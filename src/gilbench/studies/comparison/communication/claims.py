"""What articles say of communication, and what became of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from gilbench import quantities
from gilbench.comparison import Claim, Outcome, Unit, Way
from gilbench.studies.comparison.communication.contest import Contest, best_of, side
from gilbench.studies.comparison.communication.verdict import outcome, set_aside
from gilbench.studies.comparison.communication.words import payload, seen, trip_there

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gilbench.studies.comparison.communication.contest import Side
    from gilbench.studies.comparison.communication.paces import Channel, Paces

    _Choose = Callable[[int], Side | None]

__all__ = ["claims", "threads_quickly"]

# A payload of 64 MiB is a million times one of 64 B. What a reference takes may waver so far.
_THE_SAME: Final = 2.0

# Small ones go in one piece either way: out of band is for large amounts of data (PEP 574).
_LARGE: Final = 2**20

_SHARED: Final = frozenset({"shared-memory", "shared-memory-in-place"})


def threads_quickly(paces: Paces) -> tuple[Outcome, str]:
    """Return whether threads exchange data quickly and processes slowly, and what decides.

    Two comparisons do: queue beside queue, and the quickest channel of each beside the other's.
    """
    usual = _contests(paces, _by_name(paces, "queue"), _by_name(paces, "process-queue"))
    if not usual:
        return Outcome.INCONCLUSIVE, _not_measured(paces, "queue", "process-queue")
    best = _contests(
        paces,
        lambda cores: best_of("threads", _between(paces, cores, threads=True)),
        lambda cores: best_of("processes", _between(paces, cores, threads=False)),
    )
    both = [*usual, *best]
    told = f"{_sentence(seen(usual))} By the quickest channels, {seen(best)}.{set_aside(both)}"
    return outcome(both), told


def claims(paces: Paces) -> tuple[Claim, ...]:
    """Return the further claims, of what was measured."""

    def shared(*, other: bool) -> _Choose:
        name = "another channel" if other else "shared memory"
        return lambda cores: best_of(
            name,
            [
                each
                for each in _between(paces, cores, threads=False)
                if (each.name not in _SHARED) is other
            ],
        )

    found = (
        _whatever_its_size(paces),
        _quicker(
            paces,
            "A multiprocessing.Pipe is quicker than a multiprocessing.Queue.",
            _by_name(paces, "pipe"),
            _by_name(paces, "process-queue"),
        ),
        _quicker(
            paces,
            "Shared memory is the quickest way between processes.",
            shared(other=False),
            shared(other=True),
        ),
        _large_only(paces),
        _quicker(
            paces,
            "A manager is slower than shared memory.",
            _by_name(paces, "shared-memory"),
            _by_name(paces, "manager"),
        ),
        _quicker(
            paces,
            "Pickle protocol 5 makes arrays from 1 MiB on quicker: their data goes out of band.",
            _by_name(paces, "array-beside"),
            _by_name(paces, "array"),
            from_bytes=_LARGE,
        ),
        _quicker(
            paces,
            "TCP on loopback is slower than a pair of local sockets.",
            _by_name(paces, "socketpair"),
            _by_name(paces, "tcp"),
        ),
        _interpreters(paces),
    )
    return tuple(claim for claim in found if claim is not None)


def _quicker(
    paces: Paces, claim: str, first: _Choose, second: _Choose, *, from_bytes: int = 0
) -> Claim | None:
    """Return a claim that the first side is quicker; nothing where a side was not measured. It is
    decided by payloads of so many bytes and more, and told of all.
    """
    contests = _contests(paces, first, second)
    if not contests:
        return None
    decide = _contests(paces, _only(first, from_bytes), _only(second, from_bytes))
    deciding = f"{_sentence(seen(contests))}{set_aside(decide)}"
    return Claim(claim=claim, holds=outcome(decide), deciding=deciding)


def _whatever_its_size(paces: Paces) -> Claim | None:
    """Return whether a reference takes the same, whatever it refers to."""
    grown: set[bool] = set()
    told: list[str] = []
    for cores in paces.cores:
        ends: list[str] = []
        for channel in _between(paces, cores, threads=True):
            smallest, largest = min(channel.trip), max(channel.trip)
            small, large = channel.trip[smallest], channel.trip[largest]
            if large.low > _THE_SAME * small.high:
                grown.add(True)
            elif large.high < _THE_SAME * small.low:
                grown.add(False)
            ends.append(
                f"{_trip(channel, smallest)} with {payload(smallest)} and"
                f" {_trip(channel, largest)} with {payload(largest)} through {channel.label}"
            )
        if ends:
            told.append(f"{trip_there(cores)} took {', '.join(ends)}")
    if not told:
        return None
    return Claim(
        claim="Threads hand over an object in the same time, however large it is.",
        holds=_outcome(not each for each in grown),
        deciding=_sentence("; ".join(told)),
    )


def _large_only(paces: Paces) -> Claim | None:
    """Return whether shared memory, into which data is copied, needs large data to pay."""
    contests = _contests(paces, _by_name(paces, "shared-memory"), _by_name(paces, "pipe"))
    if not contests:
        return None
    # Of each number of cores on which both ends were decided: with which payloads it was quicker.
    won = [
        [winner == contest.first.name for winner in contest.quicker.values()]
        for contest in contests
        if {min(contest.sizes), max(contest.sizes)} <= set(contest.quicker)
    ]
    pays_late = [not each[0] and each[-1] for each in won]
    return Claim(
        claim="Shared memory pays for large data only; a pipe is quicker for small data.",
        holds=_outcome(pays_late),
        deciding=_sentence(seen(contests)),
    )


def _interpreters(paces: Paces) -> Claim | None:
    """Return whether subinterpreters do better than processes, by what is documented if it is."""
    names = {channel.name for channel in paces.channels}
    documented = "interpreter-queue" in names
    claim = _quicker(
        paces,
        "Subinterpreters exchange data more quickly than processes.",
        _by_name(paces, "interpreter-queue" if documented else "interpreter-queue-polled"),
        _by_name(paces, "process-queue"),
    )
    polled = paces.find("interpreter-queue-polled", paces.cores[0]) if paces.cores else None
    if claim is None or not documented or polled is None:
        return claim
    smallest = min(polled.trip)
    return Claim(
        claim=claim.claim,
        holds=claim.holds,
        deciding=(
            f"{claim.deciding} Queue.get looks for a payload every 10 ms; looked for all the time,"
            f" one of {payload(smallest)} took {_trip(polled, smallest)}."
        ),
    )


def _outcome(so: Iterable[bool]) -> Outcome:
    """Return what becomes of a claim, from whether it was so wherever that was decided."""
    seen_so = set(so)
    if not seen_so:
        return Outcome.INCONCLUSIVE
    if len(seen_so) == 2:
        return Outcome.DEPENDS
    return Outcome.HOLDS if True in seen_so else Outcome.DOES_NOT_HOLD


def _contests(paces: Paces, first: _Choose, second: _Choose) -> list[Contest]:
    """Return a contest on each number of cores that both sides were measured on."""
    sides = [(cores, first(cores), second(cores)) for cores in paces.cores]
    contests = [
        Contest(cores=cores, first=one, second=other)
        for cores, one, other in sides
        if one is not None and other is not None
    ]
    return [contest for contest in contests if contest.sizes]


def _by_name(paces: Paces, name: str) -> _Choose:
    def choose(cores: int) -> Side | None:
        channel = paces.find(name, cores)
        return None if channel is None else side(channel)

    return choose


def _only(choose: _Choose, from_bytes: int) -> _Choose:
    def choose_large(cores: int) -> Side | None:
        found = choose(cores)
        if found is None:
            return None
        large = {size: trip for size, trip in found.trip.items() if size >= from_bytes}
        return replace(found, trip=large)

    return choose_large


def _between(paces: Paces, cores: int, *, threads: bool) -> Sequence[Channel]:
    ways = {Way.THREAD} if threads else {Way.FORK, Way.FORKSERVER, Way.SPAWN}
    return [channel for channel in paces.on(cores) if channel.way in ways]


def _not_measured(paces: Paces, *names: str) -> str:
    reasons = [trial.reason for trial in paces.trials if trial.name in names and trial.reason]
    return f"Not both queues were measured: {reasons[0] if reasons else 'it ended before'}."


def _trip(channel: Channel, size: int) -> str:
    return quantities.format(channel.trip[size].value, Unit.NANOSECONDS)


def _sentence(told: str) -> str:
    return f"{told[0].upper()}{told[1:]}."
