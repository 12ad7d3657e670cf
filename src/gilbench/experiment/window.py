"""How long a sample's window is, and what its workers are ordered to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench import backends, workloads
from gilbench.model import Calibration, Mode
from gilbench.worker import Order

if TYPE_CHECKING:
    from gilbench.model import Case

__all__ = ["WINDOW_NS", "calibration_of", "order_of"]

# Long against the start skew of two workers, short against the drift of a machine's speed.
WINDOW_NS: Final = 25_000_000
# 20 switch intervals of 5 ms: where workers contend, the GIL must change hands often enough.
_CONTENDED_WINDOW_NS: Final = 100_000_000
_CALLS_PER_WINDOW: Final = 20
# Work whose 20 calls take longer than this is measured in whole calls.
_LONGEST_WINDOW_NS: Final = 500_000_000
_FIXED_WORK_NS: Final = 100_000_000
# Below this, even workers that detach meet at the GIL often enough to contend for it.
_CONTENDED_GRAIN_NS: Final = 500_000
_GATE_TIMEOUT_NS: Final = 60_000_000_000


def calibration_of(case: Case, ns_per_unit: float) -> Calibration:
    """Return how a case's workload is to be called, given what one unit takes."""
    units = max(1, round(case.grain_ns / ns_per_unit))
    call_ns = units * ns_per_unit
    fixed_calls = None
    if (
        not workloads.find(case.workload).stoppable
        and call_ns * _CALLS_PER_WINDOW > _LONGEST_WINDOW_NS
    ):
        fixed_calls = max(1, round(_FIXED_WORK_NS / call_ns))
    return Calibration(
        workload=case.workload,
        grain_ns=case.grain_ns,
        units_per_call=units,
        ns_per_unit=ns_per_unit,
        fixed_calls=fixed_calls,
    )


def order_of(case: Case, calibration: Calibration, *, cores: int, gil_enabled: bool) -> Order:
    """Return what each worker of one sample of the case is to do."""
    return Order(
        workload=case.workload,
        mode=case.mode,
        workers=case.workers,
        cores=cores,
        grain_ns=case.grain_ns,
        units_per_call=calibration.units_per_call,
        window_ns=None
        if calibration.fixed_calls is not None
        else _window_ns(case, calibration, gil_enabled=gil_enabled),
        calls=calibration.fixed_calls,
        timeout_ns=_GATE_TIMEOUT_NS,
    )


def _window_ns(case: Case, calibration: Calibration, *, gil_enabled: bool) -> int:
    call_ns = round(calibration.units_per_call * calibration.ns_per_unit)
    contended = (
        gil_enabled
        and case.workers > 1
        and backends.find(case.backend).shares_the_gil
        and (
            case.mode is Mode.HOLD
            or workloads.find(case.workload).shuts_out
            or call_ns < _CONTENDED_GRAIN_NS
        )
    )
    base = _CONTENDED_WINDOW_NS if contended else WINDOW_NS
    return max(base, min(_CALLS_PER_WINDOW * call_ns, _LONGEST_WINDOW_NS))
