from __future__ import annotations

import pytest

from gilbench.model import Plan
from gilbench.results import CHECK, SCALING, MemorySink, Record, Sink, StoredCheck, StoredRun


def fill(sink: Sink[Plan, Record], run: StoredRun) -> None:
    with sink:
        sink.begin(run.environment, run.plan)
        for record in (*run.calibrations, *run.samples, *run.failures, *filter(None, [run.stop])):
            sink.append(record)


def test_memory_keeps_the_run(run: StoredRun) -> None:
    sink = MemorySink(SCALING)
    fill(sink, run)

    assert sink.stored() == run


def test_run_can_be_taken_while_it_grows(run: StoredRun) -> None:
    sink = MemorySink(SCALING)
    sink.begin(run.environment, run.plan)
    sink.append(run.samples[0])
    early = sink.stored(notes=("so far",))
    sink.append(run.samples[1])

    assert early.samples == run.samples[:1]
    assert early.stop is None
    assert early.notes == ("so far",)


def test_run_that_has_not_begun_cannot_be_taken() -> None:
    with pytest.raises(RuntimeError, match="the run has not begun"):
        MemorySink(SCALING).stored()


def test_memory_keeps_a_check_whatever_the_order_of_its_kinds(check: StoredCheck) -> None:
    sink = MemorySink(CHECK)
    sink.begin(check.environment, check.plan)
    for record in (*check.failures, *check.samples, *check.observations, *check.shut_outs):
        sink.append(record)
    for timing in check.timings:
        sink.append(timing)
    assert check.stop
    sink.append(check.stop)

    assert sink.stored() == check
