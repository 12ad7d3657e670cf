from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest

from gilbench.errors import InputError
from gilbench.evidence import Observation, ShutOut, Subject, Timing
from gilbench.host.protocol import (
    ObserveRequest,
    ShutOutRequest,
    TimeRequest,
)
from gilbench.results import CheckRecord
from gilbench.studies.check.course import Course

from .conftest import EFFORT, GLANCE, FakeExaminer, Run, Truth


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


# What cannot be called


@pytest.mark.parametrize("request_number", [1, 2, 6, 11, 13])
def test_what_cannot_be_called_ends_it(
    run: Run, examiner: FakeExaminer, request_number: int
) -> None:
    examiner.fails_at = request_number
    with pytest.raises(InputError, match="not today"):
        run()
    assert len(examiner.asked) == request_number
