"""The study without its measuring: records come from a script in the conductor's place."""

from __future__ import annotations

import sys
import types
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest

from gilbench import machine
from gilbench.errors import InputError
from gilbench.model import (
    Calibration,
    Case,
    Failure,
    Findings,
    Mode,
    Plan,
    Progress,
    Rejection,
    Sample,
    Status,
    Stop,
    StopReason,
)
from gilbench.results import load
from gilbench.studies import scaling
from readings import make_reading

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable
    from pathlib import Path

MS = 1_000_000


def sample(case: Case, round: int, *, host: int = 0, steal_ticks: int = 0) -> Sample:
    reading = make_reading(
        units=1000.0 + round,
        calls=25,
        start_skew_ns=100,
        wall_ns=25 * MS,
        cpu_ns=25 * MS,
        run_queue_ns=0,
        gil_wait_ns=0,
        checksum=1,
    )
    return Sample(
        case=case,
        round=round,
        host=host,
        window=True,
        elapsed_ns=25 * MS,
        readings=tuple(replace(reading, worker=worker) for worker in range(case.workers)),
        steal_ticks=steal_ticks,
        rejection=None,
        gil_enabled=True,
    )


class Conductor:
    """Stands for `conduct`: yields (or raises) what it is given, and notes how it was treated."""

    def __init__(self) -> None:
        self.records: Callable[[Plan], Iterable[Any]] = whole_run
        self.conditions: Any = None
        self.closed = False

    def conduct(self, plan: Plan, conditions: Any) -> Generator[Any, None, None]:
        self.conditions = conditions
        try:
            for record in self.records(plan):
                if isinstance(record, BaseException):
                    raise record
                yield record
        finally:
            self.closed = True


def whole_run(plan: Plan) -> Iterable[Any]:
    yield calibration(plan)
    for round in range(6):
        for case in plan.cases[:-1]:
            yield sample(case, round, host=round % 3)
    yield Failure(
        case=plan.cases[-1], round=0, host=0, status=Status.FAILED, reason="worker 0: it broke"
    )
    yield Stop(reason=StopReason.PRECISION, rounds=6, hosts=3, elapsed_ns=9_000 * MS)


def calibration(plan: Plan) -> Calibration:
    case = plan.cases[0]
    return Calibration(
        workload=case.workload,
        grain_ns=case.grain_ns,
        units_per_call=40,
        ns_per_unit=25_000.0,
        fixed_calls=None,
    )


@pytest.fixture
def conductor(monkeypatch: pytest.MonkeyPatch) -> Conductor:
    conductor = Conductor()
    monkeypatch.setattr(scaling, "conduct", conductor.conduct)
    return conductor


def run(**asked: Any) -> Findings:
    return scaling.run(["spin"], **{"workers": [2], "seed": 1, **asked})


# The plan


def test_the_plan_is_of_the_cases_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gilbench.machine.cores", lambda: 3)
    plan = scaling.plan(["mix:share=0.5"], backends=["threads"], grain=0.002, budget=4, seed=9)
    assert (plan.budget_ns, plan.precision, plan.seed) == (4000 * MS, 0.03, 9)
    assert [(case.mode, case.backend, case.workers) for case in plan.cases] == [
        (Mode.RELEASE, "serial", 1),
        (Mode.RELEASE, "native", 1),
        (Mode.RELEASE, "native", 3),
        (Mode.RELEASE, "threads", 3),
    ]
    assert {(case.workload, case.grain_ns) for case in plan.cases} == {("mix:share=0.5", 2 * MS)}


def test_the_default_plan_has_every_default_workload() -> None:
    plan = scaling.plan()
    assert {case.workload for case in plan.cases} == {"spin", "triad", "objects", "python"}
    assert plan.budget_ns == 16_000 * MS


def test_a_function_goes_into_the_plan_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def work() -> None: ...

    module = types.ModuleType("mine")
    monkeypatch.setitem(sys.modules, "mine", module)
    work.__module__, work.__qualname__ = "mine", "work"
    assert {case.workload for case in scaling.plan([work]).cases} == {"mine:work"}


def test_a_function_that_no_worker_can_import_is_refused() -> None:
    with pytest.raises(InputError, match="cannot be imported by a worker"):
        scaling.plan([lambda: None])


# Measuring


def test_measure_yields_what_the_conductor_yields(conductor: Conductor) -> None:
    plan = scaling.plan(["spin"], workers=[2])
    assert list(scaling.measure(plan)) == list(whole_run(plan))


def test_closing_the_iterator_ends_the_run(conductor: Conductor) -> None:
    records = scaling.measure(scaling.plan(["spin"], workers=[2]))
    next(records)
    assert not conductor.closed
    records.close()
    assert conductor.closed


def test_samples_are_judged_for_the_cores_there_are(
    conductor: Conductor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gilbench.machine.cores", lambda: 3)
    plan = scaling.plan(["spin"])
    list(scaling.measure(plan))
    case = plan.cases[0]
    assert conductor.conditions.cores == 3
    assert conductor.conditions.judge(sample(case, 0)) is None
    assert conductor.conditions.judge(sample(case, 0, steal_ticks=1)) is Rejection.STEAL


def test_precision_is_asked_of_the_cases_that_still_run(conductor: Conductor) -> None:
    plan = scaling.plan(["spin"], workers=[2])
    samples = [sample(case, round) for round in range(6) for case in plan.cases[:-1]]
    enough = []

    def records(plan: Plan) -> Iterable[Any]:
        enough.append(conductor.conditions.enough(plan, samples))
        *_, failure, _ = whole_run(plan)
        yield failure
        enough.append(conductor.conditions.enough(plan, samples))

    conductor.records = records
    list(scaling.measure(plan))
    assert enough == [False, True]


# A run


def test_a_run_is_stored_as_it_comes_and_analysed(conductor: Conductor, tmp_path: Path) -> None:
    output = tmp_path / "run.jsonl"
    findings = run(output=output)
    stored = load(output)
    assert scaling.findings(stored) == findings
    assert [case.samples for case in findings.cases][:-1] == [6] * (len(findings.cases) - 1)
    assert (findings.cases[-1].status, findings.cases[-1].reason) == (
        Status.FAILED,
        "worker 0: it broke",
    )
    assert stored.stop == findings.stop
    assert conductor.closed


def test_it_runs_without_a_file_too(conductor: Conductor, tmp_path: Path) -> None:
    stored = run(output=tmp_path / "run.jsonl")
    assert replace(run(), environment=stored.environment) == stored


def test_a_run_is_compared_with_an_earlier_one(conductor: Conductor, tmp_path: Path) -> None:
    path = tmp_path / "earlier.jsonl"
    assert scaling.run(["spin"], backends=["threads"], workers=[2], output=path).against is None
    earlier = load(path)
    found = scaling.run(["spin"], backends=["threads"], workers=[2], against=earlier)
    assert found.against is not None
    [cost] = found.against.costs
    assert cost.ratio is not None
    assert cost.ratio.low <= 1 <= cost.ratio.high
    again = scaling.findings(earlier, against=earlier)
    assert again.against is not None
    assert again.against.costs[0].workload == "spin"


def test_an_earlier_run_of_other_work_is_refused_before_measuring(
    conductor: Conductor, tmp_path: Path
) -> None:
    path, output = tmp_path / "earlier.jsonl", tmp_path / "new.jsonl"
    scaling.run(["spin"], backends=["threads"], workers=[2], output=path)
    conductor.conditions = None
    with pytest.raises(InputError, match="here python; in the other spin"):
        scaling.run(
            ["python"], backends=["threads"], workers=[2], output=output, against=load(path)
        )
    assert conductor.conditions is None
    assert not output.exists()


def test_what_cannot_be_written_is_said_before_measuring(
    conductor: Conductor, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="there is no folder"):
        run(output=tmp_path / "nowhere" / "run.jsonl")
    assert conductor.conditions is None


def test_a_run_that_is_refused_stores_nothing(conductor: Conductor, tmp_path: Path) -> None:
    output = tmp_path / "run.jsonl"
    conductor.records = lambda plan: [InputError("'mine:f' wants arguments")]
    with pytest.raises(InputError, match="wants arguments"):
        run(output=output)
    assert not output.exists()


def test_a_run_that_is_refused_leaves_an_earlier_file_as_it_was(
    conductor: Conductor, tmp_path: Path
) -> None:
    output = tmp_path / "run.jsonl"
    run(output=output)
    before = output.read_bytes()
    conductor.records = lambda plan: [InputError("'mine:f' wants arguments")]
    with pytest.raises(InputError):
        run(output=output)
    assert output.read_bytes() == before


# Interruptions


def interrupted_after(number: int) -> Callable[[Plan], Iterable[Any]]:
    return lambda plan: [*islice(whole_run(plan), number), KeyboardInterrupt()]


def test_interrupted_in_a_sample_it_stores_what_there_is(
    conductor: Conductor, tmp_path: Path
) -> None:
    output = tmp_path / "run.jsonl"
    conductor.records = interrupted_after(20)
    with pytest.raises(KeyboardInterrupt):
        run(output=output)
    stored = load(output)
    assert len(stored.samples) == 19
    assert stored.stop is not None
    assert stored.stop.reason is StopReason.INTERRUPTED
    assert stored.stop.rounds == stored.samples[-1].round + 1 == 4
    assert stored.stop.hosts == 3
    assert stored.stop.elapsed_ns >= 0
    assert conductor.closed


def test_interrupted_between_samples_it_stores_what_there_is(
    conductor: Conductor, tmp_path: Path
) -> None:
    output = tmp_path / "run.jsonl"
    seen = []

    def on_progress(progress: Progress) -> None:
        seen.append(progress)
        if len(seen) == 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(output=output, on_progress=on_progress)
    stored = load(output)
    assert len(stored.samples) == 7
    assert stored.stop is not None
    assert stored.stop.reason is StopReason.INTERRUPTED
    assert conductor.closed


def test_interrupted_after_its_end_it_does_not_stop_twice(
    conductor: Conductor, tmp_path: Path
) -> None:
    output = tmp_path / "run.jsonl"

    def on_progress(progress: Progress) -> None:
        if progress.done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(output=output, on_progress=on_progress, budget="1min")
    stop = load(output).stop
    assert stop is not None
    assert stop.reason is StopReason.PRECISION


def test_interrupted_before_the_first_record_it_stores_nothing(
    conductor: Conductor, tmp_path: Path
) -> None:
    output = tmp_path / "run.jsonl"
    conductor.records = interrupted_after(0)
    with pytest.raises(KeyboardInterrupt):
        run(output=output)
    assert not output.exists()


def test_a_callback_that_raises_ends_the_run(conductor: Conductor, tmp_path: Path) -> None:
    def on_progress(progress: Progress) -> None:
        raise LookupError(progress.doing)

    with pytest.raises(LookupError, match="calibrating spin"):
        run(output=tmp_path / "run.jsonl", on_progress=on_progress)
    assert conductor.closed


# Progress


def test_progress_is_a_share_of_the_budget_and_ends_at_one(
    conductor: Conductor, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(range(10**9, 10**15, 1000 * MS))
    monkeypatch.setattr(scaling.time, "monotonic_ns", lambda: next(clock))
    seen: list[Progress] = []
    run(on_progress=seen.append, budget="10s")
    assert [progress.done for progress in seen[:9]] == pytest.approx(
        [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
    )
    assert [progress.left_ns for progress in seen[:2]] == [9000 * MS, 8000 * MS]
    assert all((progress.done, progress.left_ns) == (1, 0) for progress in seen[9:])
    assert seen[0].doing == "calibrating spin"
    assert seen[1].doing == "spin on 1 serial"
    assert seen[-1].doing == "done"


def test_pinned_plans_name_the_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "pinnable", lambda: (2, 0))
    assert scaling.plan(["spin"], pin=True).pinned == (2, 0)
    assert scaling.plan(["spin"]).pinned == ()


def test_pins_that_the_platform_does_not_have_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "pinnable", tuple)
    with pytest.raises(InputError, match="does not let workers be kept on their own cores"):
        scaling.plan(["spin"], pin=True)
