"""How long a sample's window is, and what its workers are ordered to do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from gilbench import backends, workloads
from gilbench.model import Calibration, Mode
from gilbench.worker import Order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gilbench.model import Case

__all__ = ["WINDOW_NS", "calibration_of", "order_of", "pinned", "touring"]

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
# To move a thread costs about 0.1 ms, half of it for an idle processor to wake up.
_SHORTEST_STAY_NS: Final = 10_000_000
_MOST_STOPS: Final = 64


def calibration_of(case: Case, ns_per_unit: float, *, alone: bool) -> Calibration:
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
        alone=alone,
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


def touring(order: Order, calibration: Calibration, processors: Sequence[int]) -> Order:
    """Return the order with stops for a lone worker: the first processors that its time allows.

    Each stay takes as long, 10 ms and a call at least. The order itself where that gives fewer than
    two stops, where many work, and where other threads share in the work: they would be moved too.
    """
    if order.workers > 1 or not calibration.alone:
        return order
    call_ns = calibration.units_per_call * calibration.ns_per_unit
    expected_ns = order.window_ns or (order.calls or 0) * call_ns
    # A kernel is moved in the middle of a call, everything else between two.
    step_ns = 0 if workloads.find(order.workload).stoppable else call_ns
    stops = min(_MOST_STOPS, len(processors), int(expected_ns / max(_SHORTEST_STAY_NS, step_ns)))
    if stops < 2:
        return order
    return replace(order, processors=tuple(processors[:stops]), stay_ns=int(expected_ns / stops))


def pinned(order: Order, processors: Sequence[int]) -> Order:
    """Return the order with each of several workers kept on a processor of its own, in turn.

    A lone worker's order stays as it is: its base is what an average core does.
    """
    return order if order.workers == 1 else replace(order, processors=tuple(processors))


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
