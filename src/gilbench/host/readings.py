"""What a reading can be: a backend may be another distribution's, and is not believed blindly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Final

from gilbench.backends.backend import WorkerFailedError
from gilbench.model import Reading

__all__ = ["check_readings"]

_INT64: Final = (-(2**63), 2**63 - 1)
_COUNT: Final = (0, _INT64[1])
# What results can hold, and no less: what is stored must be read again. A worker that worked for no
# time at all has no throughput.
_WHOLE: Final[Mapping[str, tuple[int, int]]] = {
    "calls": _COUNT,
    "start_skew_ns": _INT64,
    "wall_ns": (1, _INT64[1]),
    "cpu_ns": _COUNT,
    "run_queue_ns": _COUNT,
    "gil_wait_ns": _INT64,
    "checksum": (_INT64[0], 2**64 - 1),
    "longest_wait_ns": _COUNT,
}
_NULLABLE: Final = frozenset(field.name for field in fields(Reading) if "None" in str(field.type))
_UNITS: Final = (1e-24, 1e24)


def check_readings(readings: object, backend: str, workers: int) -> tuple[Reading, ...]:
    """Return the readings, one for each worker in order, each of what a worker can have read.

    Raises WorkerFailedError, which says what it is instead.
    """
    whose = f"backend {backend!r} gave"
    if not isinstance(readings, Sequence):
        raise WorkerFailedError(f"{whose} no readings")
    checked = tuple(one for one in readings if isinstance(one, Reading))
    if len(checked) < len(readings):
        raise WorkerFailedError(f"{whose} no readings")
    if len(checked) != workers:
        raise WorkerFailedError(f"{whose} {len(checked)} readings of {workers} workers")
    for number, reading in enumerate(checked):
        if reading.worker != number:
            raise WorkerFailedError(
                f"{whose} the reading of worker {reading.worker!r} in place of worker {number}'s"
            )
        wrong = _what_cannot_be(reading)
        if wrong is not None:
            raise WorkerFailedError(
                f"{whose} a reading that cannot be, of worker {number}: {wrong}"
            )
    return checked


def _what_cannot_be(reading: Reading) -> str | None:
    for name, (least, most) in _WHOLE.items():
        value = getattr(reading, name)
        if value is None and name in _NULLABLE:
            continue
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            return f"{name} is {value!r}, not a whole number from {least} to {most}"
    units = reading.units
    number = isinstance(units, int | float) and not isinstance(units, bool)
    if not number or not (units == 0 or _UNITS[0] <= units <= _UNITS[1]):
        return f"units is {units!r}, not a number from 0 to {_UNITS[1]:g}"
    if not isinstance(reading.gil_wait_bound, bool):
        return f"gil_wait_bound is {reading.gil_wait_bound!r}, not true or false"
    return None
