from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from gilbench.errors import InputError
from gilbench.evidence import Observation, ShutOut, Subject, Timing
from gilbench.host.protocol import (
    ObserveRequest,
    SampleRequest,
    ShutOutRequest,
    TimeRequest,
)
from gilbench.model import Failure, Rejection, Sample, Status
from gilbench.results import CheckRecord
from gilbench.studies.check.course import Course, Effort

from .conftest import MS, FakeExaminer, Truth

EFFORT = Effort(
    timed_ns=60 * MS,
    watched_ns=130 * MS,
    control_ns=50 * MS,
    rounds=3,
    batches=2,
    ways=("threads", "fork"),
    scaling_rounds=6,
)
GLANCE = replace(EFFORT, rounds=1, batches=1, ways=())

Run = Callable[..., list[CheckRecord]]


@pytest.fixture
def run(examiner: FakeExaminer) -> Run:
    """Run a course, with 3 s in all, over a truth that holds for every size."""

    def go(
        truth: Truth | None = None,
        effort: Effort = EFFORT,
        *,
        budget_ns: int = 3000 * MS,
        cores: int = 2,
        seed: int = 1,
        size: int | None = None,
        whole_calls: bool = False,
    ) -> list[CheckRecord]:
        if truth is not None:
            examiner.truth = lambda _: truth
        start_ns = examiner.now_ns
        course = Course(
            examiner=examiner,
            dice=random.Random(seed),
            cores=cores,
            processors=(0, 1) if cores > 1 else (),
            left_ns=lambda: budget_ns - (examiner.now_ns - start_ns),
            whole_calls=whole_calls,
        )
        return list(course.run("m:f", size, effort))

    return go


def kinds(records: list[CheckRecord]) -> str:
    """The records' kinds in their order, each run of a kind once."""
    named = [type(record).__name__ for record in records]
    return " ".join(name for n, name in enumerate(named) if n == 0 or named[n - 1] != name)


def test_it_is_timed_then_watched_then_shut_out_then_raced(run: Run) -> None:
    assert kinds(run()) == "Timing Observation ShutOut Sample"


def test_nobody_watches_while_it_is_timed(run: Run, examiner: FakeExaminer) -> None:
    run()
    assert isinstance(examiner.asked[0], TimeRequest)
    assert [type(each) for each in examiner.asked].count(TimeRequest) == 1
    assert examiner.asked[0].span_ns == EFFORT.timed_ns


def test_the_records_are_those_of_the_requests(run: Run, examiner: FakeExaminer) -> None:
    records = run(size=7)
    assert len(records) == len(examiner.asked)
    sizes = {r.size for r in records if isinstance(r, Timing | Observation | ShutOut)}
    assert sizes == {7}
    assert {getattr(each, "workload", "m:f") for each in examiner.asked} == {"m:f"}


# Watching


@pytest.mark.parametrize("seed", range(5))
def test_both_controls_are_watched_in_every_round(run: Run, seed: int) -> None:
    seen = [each for each in run(seed=seed) if isinstance(each, Observation)]
    assert [each.round for each in seen] == [0] * 3 + [1] * 3 + [2] * 3
    for round in range(3):
        subjects = Counter(each.subject for each in seen if each.round == round)
        assert subjects == {Subject.HOLD: 1, Subject.TARGET: 1, Subject.RELEASE: 1}


def test_the_order_within_a_round_is_drawn(run: Run, examiner: FakeExaminer) -> None:
    orders = set()
    for seed in range(10):
        examiner.asked.clear()
        run(seed=seed)
        watched = examiner.of(ObserveRequest)
        orders |= {tuple(r.subject for r in watched[n : n + 3]) for n in (0, 3, 6)}
    assert len(orders) == 6


def test_each_watch_has_a_seed_of_its_own(run: Run, examiner: FakeExaminer) -> None:
    run()
    seeds = [each.seed for each in examiner.of(ObserveRequest)]
    assert len(set(seeds)) == len(seeds)
    assert all(0 <= seed < 2**32 for seed in seeds)


def test_the_same_seed_asks_for_the_same(run: Run, examiner: FakeExaminer) -> None:
    run(seed=3)
    first, examiner.asked = examiner.asked, []
    run(seed=3)
    assert examiner.asked == first


@pytest.mark.parametrize(
    ("call_ns", "rounds", "calls", "control_ns"),
    [
        (1e3, 3, 0, 10_000.0),  # shorter than it takes to attach again: it would release nothing
        (1e6, 3, 0, 1e6),
        (4e6, 3, 32, 4e6),
        (40e6, 3, 3, 40e6),
        (41e6, 2, 3, 41e6),
        (150e6, 2, 1, 150e6),
        (151e6, 1, 1, 151e6),
        (60e9, 1, 1, 250e6),  # a minute tells no more than a moment
    ],
)
def test_long_calls_are_counted_and_watched_less_often(
    run: Run,
    examiner: FakeExaminer,
    call_ns: float,
    rounds: int,
    calls: int,
    control_ns: float,
) -> None:
    run(Truth(call_ns=call_ns))
    watched = examiner.of(ObserveRequest)
    target = [each for each in watched if each.subject is Subject.TARGET]
    controls = [each for each in watched if each.subject is not Subject.TARGET]
    assert [each.round for each in target] == [*range(rounds)]
    assert {(each.calls, each.call_ns) for each in target} == {(calls, call_ns)}
    assert {each.span_ns for each in target} == {0 if calls else EFFORT.watched_ns}
    assert {each.call_ns for each in controls} == {control_ns}
    assert len(controls) == 2 * rounds
    # Something bounds every one.
    assert all(bool(each.calls) != bool(each.span_ns) for each in watched)


@pytest.mark.parametrize(
    ("cores", "cpu_share", "sparing"),
    [(2, 1.0, False), (2, 1.9, True), (1, 1.0, True), (1, 0.0, True), (8, 7.0, False)],
)
def test_where_no_core_is_idle_it_looks_less_often_but_longer(
    run: Run, examiner: FakeExaminer, cores: int, cpu_share: float, sparing: bool
) -> None:
    run(Truth(cpu_share=cpu_share), cores=cores)
    watched = examiner.of(ObserveRequest)
    assert {each.sparing for each in watched} == {sparing}
    longest = max(each.span_ns for each in watched)
    longer = 2 if cores == 1 else 1.5 if sparing else 1
    assert longest == EFFORT.watched_ns * longer
    # Who takes all cores is slow in scaling, too.
    assert {each.round for each in watched} == ({0, 1} if longer == 1.5 else {0, 1, 2})


def test_another_look_at_a_size_has_rounds_of_its_own(examiner: FakeExaminer) -> None:
    course = Course(
        examiner=examiner,
        dice=random.Random(1),
        cores=2,
        processors=(),
        left_ns=lambda: 0,
    )
    for size in (7, 8, 7):
        list(course.run("m:f", size, GLANCE))
    assert [(each.size, each.round) for each in examiner.of(ObserveRequest)] == [
        *[(7, 0)] * 3,
        *[(8, 0)] * 3,
        *[(7, 1)] * 3,
    ]


# Shut out


def batches(examiner: FakeExaminer) -> list[tuple[Subject, int]]:
    return [(each.subject, each.round) for each in examiner.of(ShutOutRequest)]


def test_what_holds_is_asked_whether_it_hands_over_beside_what_does_and_does_not(
    run: Run, examiner: FakeExaminer
) -> None:
    run(Truth(share=1.0))
    assert batches(examiner) == [
        (Subject.TARGET, 0),
        (Subject.TARGET, 1),
        (Subject.HOLD, 0),
        (Subject.PYTHON, 0),
    ]


def test_what_lets_go_is_asked_once_how_long_it_shuts_out(run: Run, examiner: FakeExaminer) -> None:
    run(Truth(share=0.5))
    assert batches(examiner) == [(Subject.TARGET, 0)]


def test_a_glance_has_no_controls_of_its_own(run: Run, examiner: FakeExaminer) -> None:
    run(Truth(share=1.0), GLANCE)
    assert batches(examiner) == [(Subject.TARGET, 0)]
    examiner.asked.clear()
    run(Truth(share=0.1), GLANCE)
    assert batches(examiner) == []


def test_where_nobody_saw_the_share_it_is_asked_all_the_same(
    run: Run, examiner: FakeExaminer, monkeypatch: pytest.MonkeyPatch
) -> None:
    observe = FakeExaminer.observe
    monkeypatch.setattr(
        FakeExaminer, "observe", lambda self, request: replace(observe(self, request), blocks=())
    )
    run(Truth(share=0.5))
    assert len(batches(examiner)) == 4


@pytest.mark.parametrize(
    ("call_ns", "times", "calls", "control_ns"),
    [
        (1e3, 2, 0, 10_000.0),
        (1e6, 2, 0, 1e6),
        (3e6, 2, 10, 3e6),
        (31e6, 1, 1, 30e6),
        (60e9, 1, 1, 30e6),
    ],
)
def test_a_batch_lasts_a_moment_or_a_call(
    run: Run,
    examiner: FakeExaminer,
    call_ns: float,
    times: int,
    calls: int,
    control_ns: float,
) -> None:
    run(Truth(call_ns=call_ns))
    asked = examiner.of(ShutOutRequest)
    target = [each for each in asked if each.subject is Subject.TARGET]
    assert [(each.call_ns, each.calls) for each in target] == [(call_ns, calls)] * times
    assert {each.call_ns for each in asked if each.subject is not Subject.TARGET} == {control_ns}
    assert all(bool(each.calls) != bool(each.span_ns) for each in asked)


@pytest.mark.parametrize(
    ("away_in", "hands_over", "asked"),
    [
        (set(), True, 2),
        ({0}, True, 3),
        ({1}, True, 3),
        ({0, 2}, True, 4),
        (set(range(9)), True, 4),
        # Nobody is let in anyway: it does not matter on which core.
        ({0, 1}, False, 2),
    ],
)
def test_a_batch_is_tried_again_where_who_asks_shared_its_core(
    run: Run, examiner: FakeExaminer, away_in: set[int], hands_over: bool, asked: int
) -> None:
    examiner.away_in = frozenset(away_in)
    run(Truth(hands_over=hands_over))
    target = [(Subject.TARGET, round) for round in range(asked)]
    assert batches(examiner) == [*target, (Subject.HOLD, 0), (Subject.PYTHON, 0)]


# The race


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


# What cannot be called


@pytest.mark.parametrize("request_number", [1, 2, 6, 11, 13])
def test_what_cannot_be_called_ends_it(
    run: Run, examiner: FakeExaminer, request_number: int
) -> None:
    examiner.fails_at = request_number
    with pytest.raises(InputError, match="not today"):
        run()
    assert len(examiner.asked) == request_number
