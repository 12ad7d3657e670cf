from __future__ import annotations

import math
from dataclasses import asdict, replace
from typing import Any

import pytest

from gilbench.backends.backend import WorkerFailedError
from gilbench.host.readings import check_readings
from gilbench.model import Reading
from gilbench.results.codec import decode
from gilbench.results.validation import MisfitError
from readings import make_reading

READING = make_reading()
FULL = replace(
    READING, worker=1, units=7, cpu_ns=5, run_queue_ns=0, gil_wait_ns=-3, longest_wait_ns=2
)
WRONG: list[tuple[str, Any]] = [
    ("units", -1.0),
    ("units", math.inf),
    ("units", math.nan),
    ("units", None),
    ("units", True),
    ("calls", -1),
    ("calls", 1.0),
    ("start_skew_ns", None),
    ("start_skew_ns", 2**63),
    ("wall_ns", -1),
    ("cpu_ns", -1),
    ("cpu_ns", 0.5),
    ("run_queue_ns", -1),
    ("longest_wait_ns", -1),
    ("gil_wait_ns", "none"),
    ("gil_wait_bound", None),
    ("checksum", 2**64),
    ("checksum", None),
]


def test_what_workers_read_is_believed() -> None:
    assert check_readings([READING, FULL], "pool", 2) == (READING, FULL)


@pytest.mark.parametrize(("field", "value"), [*WRONG, ("wall_ns", 0)])
def test_what_nobody_can_have_read_is_not(field: str, value: Any) -> None:
    wrong = [READING, replace(FULL, **{field: value})]
    with pytest.raises(WorkerFailedError) as failed:
        check_readings(wrong, "pool", 2)
    said = f"backend 'pool' gave a reading that cannot be, of worker 1: {field} is {value!r}, not "
    assert str(failed.value).startswith(said)


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_what_results_cannot_hold_is_not_believed_either(field: str, value: Any) -> None:
    decode(Reading, asdict(FULL))
    with pytest.raises(MisfitError):
        decode(Reading, {**asdict(FULL), field: value})


@pytest.mark.parametrize("extreme", [2**63 - 1, -(2**63)])
def test_what_results_can_hold_is_believed(extreme: int) -> None:
    widest = replace(FULL, start_skew_ns=extreme, gil_wait_ns=extreme, checksum=extreme)
    assert decode(Reading, asdict(widest)) == widest
    assert check_readings([READING, widest], "pool", 2)


@pytest.mark.parametrize(
    ("readings", "said"),
    [
        (None, "backend 'pool' gave no readings"),
        ([READING, None], "backend 'pool' gave no readings"),
        ([READING], "backend 'pool' gave 1 readings of 2 workers"),
        ([FULL, READING], "backend 'pool' gave the reading of worker 1 in place of worker 0's"),
    ],
)
def test_there_is_one_for_each_worker_in_order(readings: object, said: str) -> None:
    with pytest.raises(WorkerFailedError, match=f"^{said}$"):
        check_readings(readings, "pool", 2)
