"""`python`: a loop in bytecode, what most users have. It cannot detach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gilbench._native import meter as meters
from gilbench.model import Mode
from gilbench.workloads.spec import Parameter, read_grain

if TYPE_CHECKING:
    from collections.abc import Callable

    from gilbench._native.meter import MeterCapsule
    from gilbench.workloads.spec import Spec

__all__ = ["BytecodeTask", "BytecodeWorkload", "bytecode_workload", "make_generator", "steps"]

_SEED: Final = 1


@dataclass(frozen=True, kw_only=True)
class Generator:
    """The numbers of a linear congruential generator."""

    multiplier: int
    increment: int
    mask: int


def make_generator() -> Generator:
    """Return Numerical Recipes' generator (Press et al., 3rd edition, 7.1), modulo 2**31.

    Its numbers are new objects. Literals would belong to all threads, and on a free-threaded build
    (3.13) two threads that fight over their reference counts do the work of 1.1.
    """
    return Generator(multiplier=int("1664525"), increment=int("1013904223"), mask=int("2147483647"))


def steps(number: int, units: int, generator: Generator) -> int:
    """Return the number `units` steps of the generator after `number`."""
    multiplier, increment, mask = generator.multiplier, generator.increment, generator.mask
    for _ in range(units):
        number = (number * multiplier + increment) & mask
    return number


class BytecodeTask:
    """One worker's own chain of numbers."""

    stamped: Final = False
    native: Final = None

    def __init__(self) -> None:
        self._number = _SEED
        self._generator = make_generator()

    def run(self, units: int) -> None:
        """Do `units` of work, unmeasured."""
        self._number = steps(self._number, units, self._generator)

    def caller(self, mode: Mode) -> Callable[[MeterCapsule, int], bool]:  # noqa: ARG002 - it has one
        """Return the call that takes so many steps, with numbers of the thread that asks.

        A task is kept from thread to thread. On a free-threaded build the thread that made an
        object counts its references cheaply, and every other atomically: with the numbers of
        another (3.13) it does three quarters of the work.
        """
        self._generator = make_generator()
        return self._call

    def checksum(self) -> int:
        """Return the last number."""
        return self._number

    def _call(self, meter: MeterCapsule, units: int) -> bool:
        self._number = steps(self._number, units, self._generator)
        return meters.lap(meter, units)


@dataclass(frozen=True, kw_only=True)
class BytecodeWorkload:
    """Pure Python: attached all along, but handed over every switch interval."""

    text: str = "python"
    grain_ns: int | None = None
    modes: tuple[Mode, ...] = (Mode.HOLD,)
    has_native_twin: bool = False
    stoppable: bool = False
    shuts_out: bool = True
    bytes: int = 0

    def task(self) -> BytecodeTask:
        """Return a worker's own chain."""
        return BytecodeTask()


def bytecode_workload(spec: Spec) -> BytecodeWorkload:
    """Return the workload as its parameters say. Raises InputError."""
    grain = Parameter[float](default=0, read=read_grain, meaning="how long one call works")
    return BytecodeWorkload(grain_ns=int(spec.read({"grain": grain})["grain"]) or None)
