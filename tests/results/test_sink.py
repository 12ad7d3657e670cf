from __future__ import annotations

import pytest

from gilbench.results import MemorySink, Sink, StoredRun


def fill(sink: Sink, run: StoredRun) -> None:
    with sink:
        sink.begin(run.environment, run.plan)
        for record in (*run.calibrations, *run.samples, *run.failures, *filter(None, [run.stop])):
            sink.append(record)


def test_memory_keeps_the_run(run: StoredRun) -> None:
    sink = MemorySink()
    fill(sink, run)

    assert sink.run() == run


def test_run_can_be_taken_while_it_grows(run: StoredRun) -> None:
    sink = MemorySink()
    sink.begin(run.environment, run.plan)
    sink.append(run.samples[0])
    early = sink.run(notes=("so far",))
    sink.append(run.samples[1])

    assert early.samples == run.samples[:1]
    assert early.stop is None
    assert early.notes == ("so far",)


def test_run_that_has_not_begun_cannot_be_taken() -> None:
    with pytest.raises(RuntimeError, match="not begun"):
        MemorySink().run()
