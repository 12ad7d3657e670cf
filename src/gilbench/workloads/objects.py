"""`objects`: private dicts of Python integers, from native code. It cannot detach."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from gilbench._native import objects
from gilbench.model import Mode
from gilbench.workloads.spec import Parameter, read_grain

if TYPE_CHECKING:
    from collections.abc import Callable

    from gilbench._native.meter import MeterCapsule
    from gilbench.workloads.spec import Spec

__all__ = ["ObjectsTask", "ObjectsWorkload", "objects_workload"]


class ObjectsTask:
    """One worker's own dict."""

    stamped: Final = True
    native: Final = None

    def __init__(self) -> None:
        self._state = objects.create()

    def caller(self, mode: Mode) -> Callable[[MeterCapsule, int], bool]:  # noqa: ARG002 - it has one
        """Return the call that fills and reads the dict, attached."""
        return partial(objects.hold, self._state)

    def run(self, units: int) -> None:
        """Do `units` of work, unmeasured."""
        objects.run(self._state, units)

    def checksum(self) -> int:
        """Return the sum of all values that were stored, modulo 2**64."""
        return objects.checksum(self._state)


@dataclass(frozen=True, kw_only=True)
class ObjectsWorkload:
    """What free threading changes: threads on Python objects of their own."""

    text: str = "objects"
    grain_ns: int | None = None
    modes: tuple[Mode, ...] = (Mode.HOLD,)
    has_native_twin: bool = False
    stoppable: bool = True
    shuts_out: bool = True
    bytes: int = 0

    def task(self) -> ObjectsTask:
        """Return a worker's own state."""
        return ObjectsTask()


def objects_workload(spec: Spec) -> ObjectsWorkload:
    """Return the workload as its parameters say. Raises InputError."""
    grain = Parameter[float](default=0, read=read_grain, meaning="how long one call works")
    return ObjectsWorkload(grain_ns=int(spec.read({"grain": grain})["grain"]) or None)
