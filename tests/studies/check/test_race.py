from __future__ import annotations

from dataclasses import replace

import pytest

from gilbench.host.protocol import SampleRequest
from gilbench.model import Failure, Rejection, Sample, Status
from gilbench.results import CheckRecord

from .conftest import EFFORT, GLANCE, MS, FakeExaminer, Run, Truth


def raced(records: list[CheckRecord]) -> list[tuple[int, str, int]]:
    return [
        (record.round, record.case.backend, record.case.workers)
        for record in records
        if isinstance(record, Sample | Failure)
    ]


def test_one_worker_and_two_of_each_way_are_raced_in_every_round(run: Run) -> None:
    cases = raced(run())
    rounds = sorted({round for round, _, _ in cases})
    assert rounds == [*range(len(rounds))]
    assert 2 <= len(rounds) <= EFFORT.scaling_rounds
    for round in rounds:
        assert {case[1:] for case in cases if case[0] == round} == {
            ("serial", 1),
            ("threads", 2),
            ("fork", 2),
        }
    assert len(cases) == 3 * len(rounds)


def test_no_more_rounds_than_asked_for(run: Run) -> None:
    records = run(budget_ns=10**15)
    assert {round for round, _, _ in raced(records)} == set(range(EFFORT.scaling_rounds))


@pytest.mark.parametrize("budget_ms", [500, 1500, 2000, 3000])
def test_the_budget_ends_the_race_once_the_fewest_rounds_are_there(
    run: Run, examiner: FakeExaminer, budget_ms: int
) -> None:
    start_ns = examiner.now_ns
    rounds = {round for round, _, _ in raced(run(budget_ns=budget_ms * MS))}
    assert len(rounds) >= 2
    if len(rounds) > 2:
        assert examiner.now_ns - start_ns <= budget_ms * MS


@pytest.mark.parametrize(("call_ns", "fewest"), [(200e6, 2), (400e6, 1), (10e9, 1)])
def test_long_calls_are_raced_once(run: Run, call_ns: float, fewest: int) -> None:
    records = run(Truth(call_ns=call_ns), budget_ns=MS)
    assert {round for round, _, _ in raced(records)} == set(range(fewest))


@pytest.mark.parametrize(
    ("backend", "call_ns", "rounds"),
    [
        ("serial", 1e9, 2),
        ("threads", 1e9, 2),
        # The verdict does not go by processes.
        ("fork", 1e9, 1),
        ("serial", 1e6, 4),
    ],
)
def test_a_round_that_others_took_the_cores_in_is_made_again(
    backend: str,
    call_ns: float,
    rounds: int,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sample = FakeExaminer.sample

    def stolen(self: FakeExaminer, request: SampleRequest) -> object:
        return replace(sample(self, request), steal_ticks=30_000 * (request.backend == backend))

    monkeypatch.setattr(FakeExaminer, "sample", stolen)
    records = run(Truth(call_ns=call_ns), budget_ns=MS)
    assert {round for round, _, _ in raced(records)} == set(range(rounds))


def test_a_round_that_its_own_threads_took_the_cores_in_is_not_made_again(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = FakeExaminer.sample

    def taken(self: FakeExaminer, request: SampleRequest) -> object:
        return replace(sample(self, request), steal_ticks=30_000)

    monkeypatch.setattr(FakeExaminer, "sample", taken)
    records = run(Truth(call_ns=1e6, cpu_share=1.9), budget_ns=MS)
    assert {round for round, _, _ in raced(records)} == {0, 1}


def test_without_ways_there_is_no_race(run: Run) -> None:
    assert raced(run(effort=GLANCE)) == []


def test_a_way_that_is_not_to_be_had_is_not_asked_for_again(
    run: Run, examiner: FakeExaminer
) -> None:
    examiner.unavailable["fork"] = "no fork here"
    records = run()
    failures = [record for record in records if isinstance(record, Failure)]
    assert [(f.case.backend, f.round, f.status, f.reason) for f in failures] == [
        ("fork", 0, Status.UNAVAILABLE, "no fork here")
    ]
    rounds = {round for round, backend, _ in raced(records) if backend == "threads"}
    assert len(rounds) >= 2
    assert len([each for each in examiner.of(SampleRequest) if each.backend == "fork"]) == 1


def test_with_nobody_to_race_against_the_race_is_over(run: Run, examiner: FakeExaminer) -> None:
    examiner.unavailable = {"fork": "no fork here", "threads": "no threads here"}
    cases = raced(run())
    assert {round for round, _, _ in cases} == {0}
    assert len(cases) == 3


def test_without_one_worker_there_is_nothing_to_compare_with(
    run: Run, examiner: FakeExaminer
) -> None:
    examiner.unavailable["serial"] = "not even one"
    assert {round for round, _, _ in raced(run())} == {0}


def test_a_sample_of_short_calls_has_a_window_and_one_of_long_ones_a_count(
    run: Run, examiner: FakeExaminer
) -> None:
    run(Truth(call_ns=1e5))
    for request in examiner.of(SampleRequest):
        assert request.order.window_ns is not None
        assert request.order.units_per_call == 10
    examiner.asked.clear()
    records = run(Truth(call_ns=10e6))
    for request in examiner.of(SampleRequest):
        assert (request.order.window_ns, request.order.calls) == (None, 6)
        assert request.order.units_per_call == 1
    assert all(not record.window for record in records if isinstance(record, Sample))
    examiner.asked.clear()
    # Two that want both cores take twice as long.
    run(Truth(call_ns=10e6, cpu_share=2.0))
    assert {each.order.calls for each in examiner.of(SampleRequest)} == {3}


def test_whole_calls_are_asked_of_who_cannot_end_a_window(run: Run, examiner: FakeExaminer) -> None:
    run(Truth(call_ns=1e5), whole_calls=True)
    assert {(r.order.window_ns, r.order.calls) for r in examiner.of(SampleRequest)} == {(None, 60)}


def test_a_sample_lasts_as_long_as_its_window_or_its_slowest_worker(
    run: Run, examiner: FakeExaminer
) -> None:
    samples = [record for record in run(Truth(call_ns=1e5)) if isinstance(record, Sample)]
    windows = {request.order.window_ns for request in examiner.of(SampleRequest)}
    assert {sample.elapsed_ns for sample in samples} == windows
    slow = [record for record in run(Truth(call_ns=10e6)) if isinstance(record, Sample)]
    assert {s.elapsed_ns for s in slow if s.case.backend == "threads"} == {120 * MS}
    assert {s.elapsed_ns for s in slow if s.case.backend != "threads"} == {60 * MS}


def test_one_worker_visits_all_processors(run: Run, examiner: FakeExaminer) -> None:
    run(Truth(call_ns=1e5))
    for request in examiner.of(SampleRequest):
        if request.backend == "serial":
            assert sorted(request.order.processors) == [0, 1]
            assert request.order.stay_ns > 0
        else:
            assert request.order.processors == ()


def test_workers_with_threads_of_their_own_are_not_moved(run: Run, examiner: FakeExaminer) -> None:
    run(Truth(call_ns=1e5, cpu_share=1.9))
    assert {each.order.processors for each in examiner.of(SampleRequest)} == {()}


def test_a_sample_that_others_took_the_cores_from_says_so(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = FakeExaminer.sample

    def stolen(self: FakeExaminer, request: SampleRequest) -> object:
        return replace(sample(self, request), steal_ticks=3)

    monkeypatch.setattr(FakeExaminer, "sample", stolen)
    samples = [record for record in run() if isinstance(record, Sample)]
    assert {each.rejection for each in samples} == {Rejection.STEAL}


@pytest.mark.parametrize(("children_share", "rejection"), [(0.0, Rejection.RUN_QUEUE), (0.5, None)])
def test_who_queues_behind_processes_of_its_own_is_not_disturbed(
    children_share: float,
    rejection: Rejection | None,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sample = FakeExaminer.sample

    def queued(self: FakeExaminer, request: SampleRequest) -> object:
        reply = sample(self, request)
        readings = [replace(each, run_queue_ns=each.wall_ns // 3) for each in reply.readings]
        return replace(reply, readings=tuple(readings))

    monkeypatch.setattr(FakeExaminer, "sample", queued)
    records = run(Truth(children_share=children_share))
    samples = [record for record in records if isinstance(record, Sample)]
    assert {each.rejection for each in samples} == {rejection}
