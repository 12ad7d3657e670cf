"""`shared`: all workers of an interpreter count on one object: what free threading does not give.

In bytecode, as programs do it: what threads contend for is the object's lock, its values and the
reference counts of both, and how often depends on the interpreter. Native code, as in `objects`,
would pass half of that by. It cannot detach.

Workers of different interpreters and processes have an object each, and share nothing: a ceiling.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from gilbench._native import meter as meters
from gilbench.model import Mode
from gilbench.workloads.spec import Parameter, read_grain, read_one_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gilbench._native.meter import MeterCapsule
    from gilbench.workloads.spec import Spec

__all__ = [
    "Counter",
    "SharedTask",
    "SharedWorkload",
    "count_attribute",
    "count_dict",
    "count_list",
    "shared_workload",
]

_KEYS: Final = 256


class Counter:
    """An object as most programs have them: without slots."""

    def __init__(self) -> None:
        self.value = 0


# Nothing else that these loops touch is shared: from 3.12 on, small numbers, as the keys and the
# ones are, have no reference count. A function for each kind, since the interpreter adapts the
# bytecode of a function to the kind that it sees.


def count_attribute(counter: Counter, units: int) -> None:
    """Read the attribute and write it, one more, so many times; from nothing.

    Else its numbers would grow long one day, and longer ones take longer.
    """
    counter.value = 0
    for _ in range(units):
        counter.value += 1


def count_list(items: list[int], units: int) -> None:
    """Read and write an item, one more, so many times, one item after another."""
    last = _KEYS - 1
    for unit in range(units):
        items[unit & last] += 1


def count_dict(items: dict[int, int], units: int) -> None:
    """Read and write a value, one more, so many times, one key after another."""
    last = _KEYS - 1
    for unit in range(units):
        items[unit & last] += 1


# The objects: one of each kind in every interpreter, which is where a module lives.
_COUNTS: Final[Mapping[str, Callable[[int], None]]] = {
    "attribute": partial(count_attribute, Counter()),
    "list": partial(count_list, [0] * _KEYS),
    "dict": partial(count_dict, dict.fromkeys(range(_KEYS), 0)),
}
_DEFAULT: Final = "attribute"


class SharedTask:
    """One worker's part in the object of its interpreter."""

    stamped: Final = False
    native: Final = None

    def __init__(self, what: str) -> None:
        self._count = _COUNTS[what]
        self._done = 0

    def run(self, units: int) -> None:
        """Do `units` of work, unmeasured."""
        self._count(units)
        self._done += units

    def caller(self, mode: Mode) -> Callable[[MeterCapsule, int], bool]:  # noqa: ARG002 - it has one
        """Return the call that counts so far."""
        return self._call

    def checksum(self) -> int:
        """Return how many units this worker did.

        No more is exact: of two workers that read the same number and both write it, one more,
        one is lost.
        """
        return self._done

    def _call(self, meter: MeterCapsule, units: int) -> bool:
        self._count(units)
        self._done += units
        return meters.lap(meter, units)


@dataclass(frozen=True, kw_only=True)
class SharedWorkload:
    """What free threading does not change: threads on one Python object."""

    text: str
    what: str
    grain_ns: int | None = None
    modes: tuple[Mode, ...] = (Mode.HOLD,)
    has_native_twin: bool = False
    stoppable: bool = False
    shuts_out: bool = True
    bytes: int = 0

    def task(self) -> SharedTask:
        """Return a worker's part in the one object."""
        return SharedTask(self.what)


def shared_workload(spec: Spec) -> SharedWorkload:
    """Return the workload as its parameters say. Raises InputError."""
    grain = Parameter[float | str](default=0.0, read=read_grain, meaning="how long one call works")
    what = Parameter[float | str](
        default=_DEFAULT, read=read_one_of(*_COUNTS), meaning="what all workers count on"
    )
    values = spec.read({"grain": grain, "what": what})
    kind = str(values["what"])
    return SharedWorkload(
        text="shared" if kind == _DEFAULT else f"shared:what={kind}",
        what=kind,
        grain_ns=int(values["grain"]) or None,
    )
