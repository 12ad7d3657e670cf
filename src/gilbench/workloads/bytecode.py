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

__all__ = ["BytecodeTask", "BytecodeWorkload", "bytecode_workload", "steps"]

_SEED: Final = 1
# Numerical Recipes' linear congruential generator (Press et al., 3rd edition, 7.1), modulo 2**31:
# every number fits the small-integer paths of all supported versions alike.
_MULTIPLIER: Final = 1664525
_INCREMENT: Final = 1013904223
_MASK: Final = 2**31 - 1


def steps(number: int, units: int) -> int:
    """Return the number `units` steps of the generator after `number`."""
    for _ in range(units):
        number = (number * _MULTIPLIER + _INCREMENT) & _MASK
    return number


class BytecodeTask:
    """One worker's own chain of numbers."""

    stamped: Final = False
    native: Final = None

    def __init__(self) -> None:
        self._number = _SEED

    def run(self, units: int) -> None:
        """Do `units` of work, unmeasured."""
        self._number = steps(self._number, units)

    def caller(self, mode: Mode) -> Callable[[MeterCapsule, int], bool]:  # noqa: ARG002 - it has one
        """Return the call that takes so many steps."""
        return self._call

    def checksum(self) -> int:
        """Return the last number."""
        return self._number

    def _call(self, meter: MeterCapsule, units: int) -> bool:
        self._number = steps(self._number, units)
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
    grain = Parameter(default=0, read=read_grain, meaning="how long one call works")
    return BytecodeWorkload(grain_ns=int(spec.read({"grain": grain})["grain"]) or None)
