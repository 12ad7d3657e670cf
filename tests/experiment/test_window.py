from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from gilbench.experiment.window import calibration_of, order_of, pinned, touring
from gilbench.model import Case, Mode
from gilbench.worker import Order

MS = 1_000_000
MakeCase = Callable[..., Case]


def ordered(case: Case, ns_per_unit: float, *, gil_enabled: bool = True) -> Order:
    calibration = calibration_of(case, ns_per_unit, alone=True)
    return order_of(case, calibration, cores=2, gil_enabled=gil_enabled)


# Calibration


@pytest.mark.parametrize(
    ("grain_ns", "ns_per_unit", "units"),
    [(MS, 1.0, MS), (MS, 0.75, 1_333_333), (100, 3.0, 33), (MS, 5.0 * MS, 1), (100, 1e12, 1)],
)
def test_a_call_lasts_about_a_grain_and_does_at_least_a_unit(
    grain_ns: int, ns_per_unit: float, units: int, make_case: MakeCase
) -> None:
    calibration = calibration_of(make_case(grain_ns=grain_ns), ns_per_unit, alone=True)
    assert (calibration.workload, calibration.grain_ns) == ("spin", grain_ns)
    assert (calibration.units_per_call, calibration.ns_per_unit) == (units, ns_per_unit)


@pytest.mark.parametrize(
    ("workload", "call_ms", "calls"),
    [
        ("mine:function", 25, None),  # 20 calls fit the longest window
        ("mine:function", 26, 4),
        ("mine:function", 80, 1),
        ("mine:function", 3000, 1),
        ("spin", 3000, None),  # stops in the middle of a call
        ("objects", 3000, None),
    ],
)
def test_only_long_calls_that_cannot_be_stopped_are_fixed_work(
    workload: str, call_ms: int, calls: int | None, make_case: MakeCase
) -> None:
    case = make_case(workload=workload)
    assert calibration_of(case, call_ms * MS, alone=True).fixed_calls == calls


def test_long_grains_of_bytecode_are_fixed_work(make_case: MakeCase) -> None:
    case = make_case(workload="python", grain_ns=50 * MS)
    assert calibration_of(case, 100.0, alone=True).fixed_calls == 2


# Orders


def test_an_order_says_what_each_worker_is_to_do(make_case: MakeCase) -> None:
    order = ordered(make_case("threads", 3, mode=Mode.RELEASE), 2.0)
    assert order == Order(
        workload="spin",
        mode=Mode.RELEASE,
        workers=3,
        cores=2,
        grain_ns=MS,
        units_per_call=MS // 2,
        window_ns=25 * MS,
        calls=None,
        timeout_ns=60_000 * MS,
    )


def test_fixed_work_has_no_window(make_case: MakeCase) -> None:
    order = ordered(make_case("threads", 2, workload="mine:function"), 40.0 * MS)
    assert (order.window_ns, order.calls, order.units_per_call) == (None, 2, 1)


HOLD, RELEASE = Mode.HOLD, Mode.RELEASE


@pytest.mark.parametrize(
    ("backend", "workers", "workload", "mode", "gil_enabled", "window_ms"),
    [
        ("threads", 2, "spin", HOLD, True, 100),
        ("threads", 2, "spin", HOLD, False, 25),
        ("threads", 1, "spin", HOLD, True, 25),
        ("threads", 2, "spin", RELEASE, True, 25),
        ("threads", 2, "mix:share=0.5", RELEASE, True, 100),
        ("threads", 2, "mix:share=0.5", RELEASE, False, 25),
        ("threads", 2, "python", HOLD, True, 100),
        ("serial", 1, "spin", HOLD, True, 25),
        ("processes", 2, "spin", HOLD, True, 25),
        ("interpreters", 2, "spin", HOLD, True, 25),
        ("native", 2, "spin", RELEASE, True, 25),
    ],
)
def test_the_window_is_longer_where_workers_contend_for_the_gil(
    backend: str,
    workers: int,
    workload: str,
    mode: Mode,
    gil_enabled: bool,
    window_ms: int,
    make_case: MakeCase,
) -> None:
    case = make_case(backend, workers, workload, mode)
    assert ordered(case, 1.0, gil_enabled=gil_enabled).window_ns == window_ms * MS


@pytest.mark.parametrize(
    ("grain_ns", "window_ms"), [(MS // 2, 25), (MS // 2 - 1, 100), (10_000, 100)]
)
def test_workers_that_detach_often_contend_too(
    grain_ns: int, window_ms: int, make_case: MakeCase
) -> None:
    case = make_case("threads", 2, mode=Mode.RELEASE, grain_ns=grain_ns)
    assert ordered(case, 1.0).window_ns == window_ms * MS


@pytest.mark.parametrize(
    ("workload", "call_ms", "window_ms"),
    [
        ("mine:function", 1, 25),
        ("mine:function", 5, 100),
        ("mine:function", 25, 500),
        ("spin", 2, 40),
        ("spin", 1000, 500),
    ],
)
def test_a_window_holds_twenty_calls_where_that_is_at_most_half_a_second(
    workload: str, call_ms: int, window_ms: int, make_case: MakeCase
) -> None:
    case = make_case(workload=workload, grain_ns=call_ms * MS)
    assert ordered(case, call_ms * MS).window_ns == window_ms * MS


# Tours


def toured(case: Case, ns_per_unit: float, *, processors: int = 4, alone: bool = True) -> Order:
    calibration = calibration_of(case, ns_per_unit, alone=alone)
    order = order_of(case, calibration, cores=2, gil_enabled=True)
    return touring(order, calibration, range(processors))


@pytest.mark.parametrize(
    ("workload", "call_ms", "processors", "stops", "stay_ms"),
    [
        ("spin", 1, 2, 2, 12.5),
        ("spin", 1, 4, 2, 12.5),  # no stay under 10 ms
        ("spin", 20, 4, 4, 100),
        ("spin", 20, 200, 40, 10),
        ("spin", 500, 200, 50, 10),
        ("mine:function", 20, 200, 20, 20),  # moved between two calls
        ("mine:function", 40, 4, 2, 40),  # fixed work, of two calls
    ],
)
def test_a_lone_worker_visits_as_many_processors_as_its_time_allows(
    workload: str, call_ms: int, processors: int, stops: int, stay_ms: float, make_case: MakeCase
) -> None:
    case = make_case(workload=workload, grain_ns=call_ms * MS)
    order = toured(case, call_ms * MS, processors=processors)
    assert order.processors == tuple(range(stops))
    assert order.stay_ns == stay_ms * MS


def test_a_tour_has_no_more_stops_than_native_code_keeps(make_case: MakeCase) -> None:
    case = make_case(workload="mine:function", grain_ns=10 * MS)
    calibration = calibration_of(case, 10.0 * MS, alone=True)
    order = order_of(case, calibration, cores=2, gil_enabled=True)
    order = replace(order, window_ns=10_000 * MS)
    assert len(touring(order, calibration, range(100)).processors) == 64


@pytest.mark.parametrize(
    ("workload", "call_ms", "workers", "processors", "alone"),
    [
        ("spin", 1, 1, 1, True),
        ("spin", 1, 1, 0, True),
        ("spin", 1, 2, 2, True),
        ("mine:function", 1, 1, 2, False),
        ("mine:function", 80, 1, 2, True),  # one call
    ],
)
def test_elsewhere_the_scheduler_decides(
    workload: str, call_ms: int, workers: int, processors: int, alone: bool, make_case: MakeCase
) -> None:
    case = make_case("threads", workers, workload, grain_ns=call_ms * MS)
    order = toured(case, call_ms * MS, processors=processors, alone=alone)
    assert (order.processors, order.stay_ns) == ((), 0)


# Pins


def test_several_workers_are_kept_on_processors_of_their_own(make_case: MakeCase) -> None:
    order = pinned(ordered(make_case("threads", 3), 1.0), (4, 2))
    assert [order.stops(worker) for worker in range(3)] == [(4,), (2,), (4,)]


def test_a_lone_worker_keeps_its_tour(make_case: MakeCase) -> None:
    order = toured(make_case(), 1.0, processors=2)
    assert pinned(order, (4, 2)) == order
    assert order.stops(0) == (0, 1)


def test_where_nobody_pins_the_scheduler_decides(make_case: MakeCase) -> None:
    order = ordered(make_case("threads", 2), 1.0)
    assert pinned(order, ()) == order
    assert order.stops(1) == ()
