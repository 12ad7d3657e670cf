from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gilbench._native import gate, meter, objects

if TYPE_CHECKING:
    from collections.abc import Callable

    from gilbench._native.gate import GateCapsule
    from gilbench._native.meter import MeterCapsule

MS = 1_000_000
FOR_EVER = 2**63


def objects_in_python(units: int) -> int:
    table: dict[int, int] = {}
    total = 0
    for unit in range(units):
        if unit % 256 == 0:
            table = {}
        key = unit * 7 % 256
        table[key] = table.get(key, 0) + unit
        total += table[key]
    return total % 2**64


@pytest.mark.parametrize("units", [0, 1, 255, 256, 257, 5000])
def test_its_checksum_is_that_of_plain_python(
    units: int, make_meter: Callable[..., MeterCapsule]
) -> None:
    state = objects.create()
    objects.run(state, units)
    assert objects.checksum(state) == objects_in_python(units)

    state, readings = objects.create(), make_meter()
    assert objects.hold(state, readings, units)
    assert objects.checksum(state) == objects_in_python(units)
    assert meter.finish(readings)[:2] == (units, 1)


def test_it_goes_on_where_it_stopped(make_meter: Callable[..., MeterCapsule]) -> None:
    state, readings = objects.create(), make_meter()
    for units in (1, 300, 255):
        objects.hold(state, readings, units)
        objects.run(state, units)
    assert objects.checksum(state) == objects_in_python(2 * 556)


def test_the_windows_end_ends_the_work(make_meter: Callable[..., MeterCapsule]) -> None:
    state, readings = objects.create(), make_meter(5 * MS)
    assert not objects.hold(state, readings, FOR_EVER)
    done, calls, _, wall, *_ = meter.finish(readings)
    assert (calls, wall) == (1, 5 * MS)
    assert objects.checksum(state) == objects_in_python(int(done))
    before = objects.checksum(state)
    assert not objects.hold(state, readings, FOR_EVER)
    assert objects.checksum(state) == before


def test_a_sample_that_is_called_off_ends_the_work(
    make_gate: Callable[..., GateCapsule], make_meter: Callable[..., MeterCapsule]
) -> None:
    entrance = make_gate()
    readings = make_meter(entrance=entrance)
    gate.abort(entrance)
    assert not objects.hold(objects.create(), readings, FOR_EVER)


def test_what_is_no_state_or_meter_is_refused(make_meter: Callable[..., MeterCapsule]) -> None:
    with pytest.raises(KeyError):
        objects.run({}, 1)  # type: ignore[arg-type]
    for wrong in (None, 1, "state"):
        with pytest.raises(TypeError):
            objects.run(wrong, 1)  # type: ignore[arg-type]
        with pytest.raises(TypeError):
            objects.checksum(wrong)  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="PyCapsule"):
            objects.hold(objects.create(), wrong, 1)  # type: ignore[arg-type]
