"""`sieve`: the sieve of Eratosthenes in pure Python. A unit is one sieve, up to a limit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gilbench.plugin import InputError, Meter, Mode, Parameter, Recipe, Spec, lap, read_grain

if TYPE_CHECKING:
    from collections.abc import Callable


def primes_below(limit: int) -> int:
    """Return how many primes are below `limit`."""
    candidates = bytearray([1]) * limit
    candidates[:2] = bytes(min(2, limit))
    number = 2
    while number * number < limit:
        if candidates[number]:
            for multiple in range(number * number, limit, number):
                candidates[multiple] = 0
        number += 1
    return sum(candidates)


class SieveTask:
    """One worker's sieves, one after another."""

    stamped = False
    native = None

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._primes = 0
        self.run(1)

    def run(self, units: int) -> None:
        """Sieve so many times, unmeasured."""
        for _ in range(units):
            self._primes += primes_below(self._limit)

    def caller(self, mode: Mode) -> Callable[[Meter, int], bool]:
        """Return the call that sieves so many times."""
        assert mode is Mode.HOLD, "it has one mode only"
        return self._call

    def checksum(self) -> int:
        """Return how many primes were found."""
        return self._primes % 2**64

    def _call(self, meter: Meter, units: int) -> bool:
        self.run(units)
        return lap(meter, units)


@dataclass(frozen=True, kw_only=True)
class SieveWorkload:
    """The sieve with its limit."""

    limit: int
    grain_ns: int | None
    modes: tuple[Mode, ...] = (Mode.HOLD,)
    has_native_twin: bool = False
    stoppable: bool = False
    shuts_out: bool = True

    @property
    def text(self) -> str:
        """Return the text that workers find it by."""
        return f"sieve:limit={self.limit}"

    @property
    def bytes(self) -> int:
        """Return the memory of one sieve."""
        return self.limit

    def task(self) -> SieveTask:
        """Return one worker's sieves."""
        return SieveTask(self.limit)


def read_limit(text: str, what: str) -> float:
    """Return a limit from 2 to a million. Raises InputError."""
    if not text.isdecimal() or not 2 <= int(text[:8]) <= 10**6:
        raise InputError(f"{what} is a whole number from 2 to 1000000, not {text!r}")
    return int(text)


def make_sieve(spec: Spec) -> SieveWorkload:
    """Return the workload as its parameters say. Raises InputError."""
    known: dict[str, Parameter[float]] = {
        "limit": Parameter(default=1000, read=read_limit, meaning="sieve the numbers below it"),
        "grain": Parameter(default=0, read=read_grain, meaning="how long one call works"),
    }
    values = spec.read(known)
    return SieveWorkload(limit=int(values["limit"]), grain_ns=int(values["grain"]) or None)


SIEVE = Recipe(
    summary="the sieve of Eratosthenes in pure Python; cannot detach",
    parameters="limit=NUMBER grain=DURATION",
    make=make_sieve,
)
