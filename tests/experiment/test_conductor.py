from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from gilbench.errors import HostError, InputError
from gilbench.experiment.conductor import conduct
from gilbench.experiment.link import HostLostError
from gilbench.host.protocol import (
    CalibrateRequest,
    CheckRequest,
    FailedReply,
    Message,
    OkReply,
    SampleRequest,
)
from gilbench.model import (
    Calibration,
    Case,
    Failure,
    Plan,
    Rejection,
    Sample,
    Status,
    Stop,
    StopReason,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

MS = 1_000_000
MakeCase = Callable[..., Case]
MakePlan = Callable[..., Plan]


def of_kind(kind: type[Any], records: Sequence[Any]) -> list[Any]:
    return [record for record in records if isinstance(record, kind)]


def rounds_of(records: Sequence[Any]) -> list[list[Case]]:
    samples = of_kind(Sample, records)
    numbers = sorted({sample.round for sample in samples})
    assert numbers == list(range(len(numbers)))
    return [[sample.case for sample in samples if sample.round == number] for number in numbers]


def fail_when(wrong: Callable[[Any], bool], laboratory: Any, answer: Any) -> Callable[[Any], Any]:
    """Return what answers so (an exception is raised), and takes a second, where `wrong` says."""

    def sample(asked: Any) -> Message:
        if not wrong(asked):
            return laboratory.measured(asked)
        laboratory.now_ns += 1000 * MS
        if isinstance(answer, Exception):
            raise answer
        return answer

    return sample


# Rounds


def test_every_case_comes_once_a_round_in_shuffled_order(
    laboratory: Any, make_plan: MakePlan
) -> None:
    plan = make_plan()
    rounds = rounds_of(list(conduct(plan, laboratory.conditions())))
    assert len(rounds) > 20
    whole = rounds[:-1]
    assert all(Counter(cases) == Counter(plan.cases) for cases in whole)
    assert len({tuple(cases) for cases in whole}) > 10


def test_the_order_follows_from_the_seed(laboratory: Any, make_plan: MakePlan) -> None:
    def order(seed: int) -> list[list[Case]]:
        return rounds_of(list(conduct(make_plan(seed=seed), laboratory.conditions())))

    assert order(3) == order(3)
    assert order(3) != order(4)


def test_calibrations_come_before_samples_and_the_stop_last(
    laboratory: Any, make_case: MakeCase, make_plan: MakePlan
) -> None:
    plan = make_plan(make_case(), make_case(workload="python"), make_case(grain_ns=2 * MS))
    records = list(conduct(plan, laboratory.conditions()))
    assert [type(record) for record in records[:4]] == [Calibration] * 3 + [Sample]
    assert {(c.workload, c.units_per_call) for c in records[:3]} == {
        ("spin", MS),
        ("spin", 2 * MS),
        ("python", MS),
    }
    assert of_kind(Stop, records) == [records[-1]]
    asked = [type(asked.request) for asked in laboratory.asked]
    assert asked[:6] == [CheckRequest, CalibrateRequest] * 3


def test_a_sample_says_what_the_host_replied(
    laboratory: Any, make_plan: MakePlan, make_case: MakeCase
) -> None:
    laboratory.sample = lambda asked: laboratory.measured(asked, gil_enabled=False, steal_ticks=3)
    case = make_case("threads", 2)
    conditions = laboratory.conditions(judge=lambda sample: Rejection.STEAL)
    sample = of_kind(Sample, list(conduct(make_plan(case), conditions)))[0]
    assert (sample.case, sample.round, sample.host) == (case, 0, 0)
    assert (sample.window, sample.elapsed_ns) == (True, 100 * MS)
    assert [reading.worker for reading in sample.readings] == [0, 1]
    assert (sample.gil_enabled, sample.steal_ticks) == (False, 3)
    assert sample.rejection is Rejection.STEAL


def test_fixed_work_lasts_until_the_last_worker_finished(
    laboratory: Any, make_plan: MakePlan, make_case: MakeCase
) -> None:
    laboratory.ns_per_unit = 40.0 * MS
    case = make_case("threads", 3, workload="mine:function")
    sample = of_kind(Sample, list(conduct(make_plan(case), laboratory.conditions())))[0]
    assert not sample.window
    assert sample.elapsed_ns == 2 * 40 * MS + 2


def test_a_lone_worker_visits_all_processors_in_an_order_of_its_own(
    laboratory: Any, make_plan: MakePlan, make_case: MakeCase
) -> None:
    plan = make_plan(make_case(), make_case("threads", 2))
    conditions = laboratory.conditions(processors=(4, 7))
    samples = of_kind(Sample, list(conduct(plan, conditions)))
    visited = {sample.processors for sample in samples if sample.case.workers == 1}
    assert visited == {(4, 7), (7, 4)}
    assert {sample.processors for sample in samples if sample.case.workers == 2} == {()}
    asked = {asked.request.order.stay_ns for asked in laboratory.asked if asked.case}
    assert asked == {0, 12.5 * MS}


def test_work_that_other_threads_share_in_is_not_moved(
    laboratory: Any, make_plan: MakePlan, make_case: MakeCase
) -> None:
    laboratory.alone = False
    conditions = laboratory.conditions(processors=(4, 7))
    records = list(conduct(make_plan(make_case()), conditions))
    assert [calibration.alone for calibration in of_kind(Calibration, records)] == [False]
    assert {sample.processors for sample in of_kind(Sample, records)} == {()}


def test_several_workers_are_kept_on_the_plans_processors(
    laboratory: Any, make_plan: MakePlan, make_case: MakeCase
) -> None:
    plan = replace(make_plan(make_case(), make_case("threads", 2)), pinned=(7, 4))
    samples = of_kind(Sample, list(conduct(plan, laboratory.conditions())))
    assert {sample.processors for sample in samples if sample.case.workers == 2} == {(7, 4)}
    assert {sample.processors for sample in samples if sample.case.workers == 1} == {()}


# When it stops


def test_precision_stops_it_after_six_rounds_on_three_hosts_at_the_earliest(
    laboratory: Any, make_plan: MakePlan
) -> None:
    counted: list[int] = []

    def enough(part: Plan, samples: Sequence[Sample]) -> bool:
        counted.append(len(samples))
        return True

    records = list(conduct(make_plan(), laboratory.conditions(enough=enough)))
    assert counted == [24]
    hosts = [sample.host for sample in of_kind(Sample, records)]
    assert hosts == [host for host in (0, 1, 2, 0, 1, 2) for _ in range(4)]
    stop = records[-1]
    assert (stop.reason, stop.rounds, stop.hosts) == (StopReason.PRECISION, 6, 3)
    assert stop.elapsed_ns == 6 * 175 * MS


def test_what_is_known_well_enough_leaves_the_rounds_to_the_rest(
    laboratory: Any, make_plan: MakePlan, make_case: MakeCase
) -> None:
    asked_of: list[set[str]] = []

    def enough(part: Plan, samples: Sequence[Sample]) -> bool:
        asked_of.append({case.workload for case in part.cases})
        assert {sample.case for sample in samples} <= set(part.cases)
        return part.cases[0].workload == "spin" or len(samples) >= 2 * 9

    plan = make_plan(
        make_case(),
        make_case("threads", 2),
        make_case(workload="python"),
        make_case("threads", 2, workload="python"),
    )
    records = list(conduct(plan, laboratory.conditions(enough=enough)))
    counts = Counter(sample.case.workload for sample in of_kind(Sample, records))
    assert counts == {"spin": 2 * 6, "python": 2 * 9}
    assert asked_of == [{"spin"}, {"python"}, *[{"python"}] * 3]
    assert (records[-1].reason, records[-1].rounds) == (StopReason.PRECISION, 9)


def test_cases_of_one_workload_stay_together(
    laboratory: Any, make_plan: MakePlan, make_case: MakeCase
) -> None:
    plan = make_plan(
        *(
            make_case(backend, 1, workload=workload)
            for backend in ("serial", "threads")
            for workload in ("spin", "python", "objects")
        )
    )
    for cases in rounds_of(list(conduct(plan, laboratory.conditions())))[:-1]:
        names = [case.workload for case in cases]
        assert names[0::2] == names[1::2]


def test_the_budget_stops_it_and_is_shared_by_three_hosts(
    laboratory: Any, make_plan: MakePlan
) -> None:
    records = list(conduct(make_plan(budget_ms=10_000), laboratory.conditions()))
    stop = records[-1]
    assert stop.reason is StopReason.BUDGET
    assert 10_000 * MS - 175 * MS < stop.elapsed_ns <= 10_000 * MS
    by_host = Counter(sample.host for sample in of_kind(Sample, records))
    assert sorted(by_host) == [0, 1, 2]
    assert max(by_host.values()) - min(by_host.values()) <= 2 * 4


def test_a_budget_that_ends_within_the_first_round_ends_it(
    laboratory: Any, make_plan: MakePlan
) -> None:
    records = list(conduct(make_plan(budget_ms=100), laboratory.conditions()))
    assert records[-1].reason is StopReason.BUDGET
    assert records[-1].rounds == 1
    assert 1 <= len(of_kind(Sample, records)) < 4


def test_what_a_new_host_takes_to_start_does_not_look_like_a_long_round(
    laboratory: Any, make_plan: MakePlan
) -> None:
    laboratory.start_ns = 1000 * MS
    records = list(conduct(make_plan(budget_ms=6000), laboratory.conditions()))
    assert records[-1].hosts == 3
    assert records[-1].elapsed_ns > 6000 * MS - 175 * MS


# What goes wrong


def test_a_lost_host_costs_its_case_and_another_goes_on(
    laboratory: Any, make_plan: MakePlan, make_case: MakeCase
) -> None:
    lost = make_case("threads", 2)
    laboratory.sample = fail_when(
        lambda asked: asked.case == ("spin", "threads", 2),
        laboratory,
        HostLostError("the host was killed by SIGSEGV"),
    )
    plan = make_plan()
    records = list(conduct(plan, laboratory.conditions()))
    (failure,) = of_kind(Failure, records)
    assert failure == Failure(
        case=lost, round=0, host=0, status=Status.FAILED, reason="the host was killed by SIGSEGV"
    )
    after = records[records.index(failure) + 1]
    assert (after.round, after.host) == (0, 1)
    rounds = rounds_of(records)
    assert Counter(rounds[1]) == Counter(case for case in plan.cases if case != lost)
    assert sum(asked.case == ("spin", "threads", 2) for asked in laboratory.asked) == 1
    assert records[-1].reason is StopReason.BUDGET


def test_the_host_that_was_lost_is_named_and_another_takes_its_turns(
    laboratory: Any, make_plan: MakePlan
) -> None:
    asked = []

    def wrong(one: Any) -> bool:
        asked.append(one.case)
        return asked.count(("spin", "threads", 2)) == 4 and one.case == asked[-1] == (
            "spin",
            "threads",
            2,
        )

    laboratory.sample = fail_when(wrong, laboratory, HostLostError("it was killed"))
    records = list(conduct(make_plan(), laboratory.conditions()))
    (failure,) = of_kind(Failure, records)
    assert (failure.round, failure.host) == (3, 0)
    after = [sample for sample in of_kind(Sample, records) if sample.round > 3]
    assert {(sample.round % 3, sample.host) for sample in after} == {(0, 3), (1, 1), (2, 2)}


def test_hosts_that_were_lost_before_they_measured_are_none_of_the_three(
    laboratory: Any, make_plan: MakePlan, make_case: MakeCase
) -> None:
    def check(asked: Any) -> Message:
        if asked.request.workload.startswith("mine:"):
            raise HostLostError("the host exited with status 3")
        return OkReply()

    laboratory.check = check
    mine = [make_case(workload=f"mine:{name}") for name in "ab"]
    records = list(conduct(make_plan(*mine, make_case()), laboratory.conditions()))
    assert {sample.host for sample in of_kind(Sample, records)} == {2, 3, 4}
    assert records[-1].hosts == 5


def test_waiting_for_a_host_that_hung_costs_the_other_cases_nothing(
    laboratory: Any, make_plan: MakePlan, make_case: MakeCase
) -> None:
    def check(asked: Any) -> Message:
        if asked.request.workload == "mine:hangs":
            laboratory.now_ns += round(asked.timeout_s * 1e9)
            raise HostLostError("it gave no sign of life for 20 s")
        return OkReply()

    laboratory.check = check
    plan = make_plan(
        make_case(workload="mine:hangs"), make_case(), make_case("threads", 2), budget_ms=2000
    )
    records = list(conduct(plan, laboratory.conditions()))
    (failure,) = of_kind(Failure, records)
    assert failure.reason == "it gave no sign of life for 20 s"
    assert records[-1].rounds == 16
    assert records[-1].elapsed_ns == 22_000 * MS


@pytest.mark.parametrize(
    ("kind", "status"),
    [("failed", Status.FAILED), ("input", Status.FAILED), ("unavailable", Status.UNAVAILABLE)],
)
def test_a_case_that_breaks_is_left_out_from_then_on(
    kind: str, status: Status, laboratory: Any, make_plan: MakePlan, make_case: MakeCase
) -> None:
    asked_before = []

    def wrong(asked: Any) -> bool:
        asked_before.append(asked.case)
        return asked.case == ("spin", "processes", 2) and asked_before.count(asked.case) == 3

    laboratory.sample = fail_when(
        wrong, laboratory, FailedReply(kind=kind, reason="worker 1: KeyError: 'x'")
    )
    records = list(conduct(make_plan(), laboratory.conditions()))
    (failure,) = of_kind(Failure, records)
    assert failure == Failure(
        case=make_case("processes", 2),
        round=2,
        host=2,
        status=status,
        reason="worker 1: KeyError: 'x'",
    )
    assert [len(cases) for cases in rounds_of(records)][:4] == [4, 4, 3, 3]
    assert len(laboratory.hosts) == 3


def test_a_reply_to_another_question_fails_the_case(
    laboratory: Any, make_plan: MakePlan, make_case: MakeCase
) -> None:
    laboratory.sample = lambda asked: OkReply()
    failure, stop = list(conduct(make_plan(make_case()), laboratory.conditions()))[1:]
    assert (failure.status, failure.reason) == (Status.FAILED, "it gave no sample")
    assert stop.reason is StopReason.FAILED


def test_what_cannot_run_here_is_said_first_and_never_asked_for(
    laboratory: Any, make_plan: MakePlan, make_case: MakeCase, nowhere: str
) -> None:
    case = make_case(nowhere, 2)
    records = list(conduct(make_plan(make_case(), case), laboratory.conditions()))
    assert (records[0].case, records[0].status) == (case, Status.UNAVAILABLE)
    assert "has no start method 'teleport'" in records[0].reason
    assert all(asked.case in (None, ("spin", "serial", 1)) for asked in laboratory.asked)
    assert records[-1].reason is StopReason.BUDGET


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (FailedReply(kind="failed", reason="MemoryError"), "MemoryError"),
        (HostLostError("the host was killed by SIGSEGV"), "the host was killed by SIGSEGV"),
        (OkReply(), "it did not calibrate"),
    ],
)
def test_a_workload_that_does_not_calibrate_fails_in_all_its_cases(
    answer: Any, reason: str, laboratory: Any, make_plan: MakePlan, make_case: MakeCase
) -> None:
    def calibrate(asked: Any) -> Message:
        if asked.request.workload != "python":
            return laboratory.calibrated(asked)
        if isinstance(answer, Exception):
            raise answer
        return answer

    laboratory.calibrate = calibrate
    python = [make_case(workload="python"), make_case("threads", 2, workload="python")]
    records = list(conduct(make_plan(*python, make_case()), laboratory.conditions()))
    assert [(failure.case, failure.reason) for failure in of_kind(Failure, records)] == [
        (case, reason) for case in python
    ]
    assert {sample.case.workload for sample in of_kind(Sample, records)} == {"spin"}


def test_where_nothing_calibrates_nothing_is_measured(laboratory: Any, make_plan: MakePlan) -> None:
    laboratory.calibrate = lambda asked: FailedReply(kind="failed", reason="no")
    records = list(conduct(make_plan(), laboratory.conditions()))
    assert [type(record) for record in records] == [Failure] * 4 + [Stop]
    assert (records[-1].reason, records[-1].rounds) == (StopReason.FAILED, 0)


def test_when_the_last_case_breaks_the_run_failed_however_precise_it_was(
    laboratory: Any, make_plan: MakePlan, make_case: MakeCase
) -> None:
    plan = make_plan(make_case(), budget_ms=60_000)
    conditions = laboratory.conditions(enough=lambda part, samples: len(samples) >= 12)
    laboratory.sample = fail_when(
        lambda asked: len(laboratory.asked) >= 2 + 10,
        laboratory,
        FailedReply(kind="failed", reason="no"),
    )
    records = list(conduct(plan, conditions))
    assert records[-1].rounds == 10
    assert records[-1].reason is StopReason.FAILED


def test_when_the_rest_breaks_what_was_precise_before_stays_so(
    laboratory: Any, make_plan: MakePlan, make_case: MakeCase
) -> None:
    plan = make_plan(make_case(), make_case(workload="python"))
    conditions = laboratory.conditions(enough=lambda part, _: part.cases[0].workload == "spin")
    laboratory.sample = fail_when(
        lambda asked: asked.case == ("python", "serial", 1) and len(laboratory.asked) >= 4 + 14,
        laboratory,
        FailedReply(kind="failed", reason="no"),
    )
    records = list(conduct(plan, conditions))
    assert [failure.case.workload for failure in of_kind(Failure, records)] == ["python"]
    assert records[-1].reason is StopReason.PRECISION


@pytest.mark.parametrize("workload", ["spin", "mine:missing"])
def test_what_the_user_has_to_mend_is_raised_before_the_first_record(
    workload: str, laboratory: Any, make_plan: MakePlan, make_case: MakeCase, nowhere: str
) -> None:
    def check(asked: Any) -> Message:
        if asked.request.workload == workload:
            return FailedReply(kind="input", reason="there is no module 'mine'")
        return OkReply()

    laboratory.check = check
    plan = make_plan(make_case(), make_case(nowhere, 2), make_case(workload="mine:missing"))
    records = conduct(plan, laboratory.conditions())
    with pytest.raises(InputError, match=r"^there is no module 'mine'$"):
        next(records)
    assert [host.closings for host in laboratory.hosts] == [1]


def test_a_budget_too_short_for_one_sample_is_refused_before_measuring(
    laboratory: Any, make_plan: MakePlan
) -> None:
    records = conduct(make_plan(budget_ms=50), laboratory.conditions())
    with pytest.raises(
        InputError,
        match=r"^a budget of 50 ms is too short for one sample of spin, which takes 100 ms$",
    ):
        next(records)
    assert not any(isinstance(asked.request, SampleRequest) for asked in laboratory.asked)
    assert [host.closings for host in laboratory.hosts] == [1]


def test_a_budget_too_short_for_one_call_of_the_users_function_is_refused(
    laboratory: Any, make_plan: MakePlan, make_case: MakeCase
) -> None:
    laboratory.ns_per_unit = 3000.0 * MS
    plan = make_plan(make_case(workload="mine:slow"), budget_ms=2000)
    with pytest.raises(InputError, match="too short for one sample of mine:slow, which takes 3 s"):
        next(conduct(plan, laboratory.conditions()))


def test_without_a_host_there_is_no_run(laboratory: Any, make_plan: MakePlan) -> None:
    def start_host() -> Any:
        raise HostError("a host could not be started: no memory")

    with pytest.raises(HostError, match="no memory"):
        next(conduct(make_plan(), laboratory.conditions(start_host=start_host)))


@pytest.mark.parametrize("started", [1, 2])
def test_when_no_further_host_can_be_started_what_was_measured_stands(
    started: int, laboratory: Any, make_plan: MakePlan
) -> None:
    def start_host() -> Any:
        if len(laboratory.hosts) == started:
            raise HostError("a host could not be started: no memory")
        return laboratory.start_host()

    plan = make_plan()
    *records, stop = conduct(plan, laboratory.conditions(start_host=start_host))
    assert len(of_kind(Sample, records)) == started * len(plan.cases)
    [failure] = of_kind(Failure, records)
    assert (failure.status, failure.round) == (Status.FAILED, started)
    assert failure.reason == "a host could not be started: no memory"
    assert (stop.reason, stop.hosts) == (StopReason.FAILED, started)
    assert all(host.closings == 1 for host in laboratory.hosts)


def test_a_long_run_asks_ever_less_often_whether_it_may_end(
    laboratory: Any, make_plan: MakePlan, make_case: MakeCase
) -> None:
    asked: list[int] = []

    def enough(part: Plan, samples: Sequence[Sample]) -> bool:
        asked.append(len(samples))
        return len(samples) > 1000

    plan = make_plan(make_case(), budget_ms=100_000)
    records = list(conduct(plan, laboratory.conditions(enough=enough)))
    assert records[-1].reason is StopReason.PRECISION
    assert asked[:30] == list(range(6, 36))
    assert len(asked) < 120
    assert records[-1].rounds < 1050


# How hosts are treated


def test_a_host_may_be_silent_for_the_whole_budget_before_measuring(
    laboratory: Any, make_plan: MakePlan
) -> None:
    list(conduct(make_plan(budget_ms=30_000), laboratory.conditions()))
    before = [a.timeout_s for a in laboratory.asked if not isinstance(a.request, SampleRequest)]
    assert before == [30.0, 30.0]


def test_patience_is_the_shortest_that_any_host_gets(laboratory: Any, make_plan: MakePlan) -> None:
    list(conduct(make_plan(budget_ms=2000), laboratory.conditions()))
    assert {asked.timeout_s for asked in laboratory.asked} == {20.0}
    laboratory.asked.clear()
    list(conduct(make_plan(budget_ms=2000), laboratory.conditions(patience_s=0.25)))
    by_case = {asked.case: asked.timeout_s for asked in laboratory.asked}
    # Four times the window, for each worker and for warming up; half a second to make a worker.
    assert by_case == {
        None: 2.0,
        ("spin", "serial", 1): pytest.approx(0.5),
        ("spin", "native", 2): pytest.approx(1.0),
        ("spin", "processes", 2): pytest.approx(1.0),
        ("spin", "threads", 2): pytest.approx(1.2),
    }


def test_work_with_much_memory_gets_long_timeouts(
    laboratory: Any, make_plan: MakePlan, make_case: MakeCase
) -> None:
    cases = [make_case("threads", workers, workload="chase:size=8GiB") for workers in (1, 2)]
    list(conduct(make_plan(*cases, budget_ms=2000), laboratory.conditions()))
    before = [a.timeout_s for a in laboratory.asked if a.case is None]
    # 8 GiB at 30 MB a second.
    assert before == [pytest.approx(287, abs=1)] * 2
    sampled = {a.case[2]: a.timeout_s for a in laboratory.asked if a.case is not None}
    assert sampled == {1: pytest.approx(287, abs=1), 2: pytest.approx(574, abs=1)}


def test_long_calls_get_long_timeouts(
    laboratory: Any, make_plan: MakePlan, make_case: MakeCase
) -> None:
    laboratory.ns_per_unit = 3000.0 * MS
    case = make_case("threads", 4, workload="mine:slow")
    list(conduct(make_plan(case), laboratory.conditions()))
    assert laboratory.asked[-1].timeout_s == 4 * 5 * 3.0


def test_a_timeout_is_never_more_than_the_system_can_wait(
    laboratory: Any, make_plan: MakePlan
) -> None:
    plan = make_plan(budget_ms=10**18)
    with closing(conduct(plan, laboratory.conditions())) as records:
        next(records)
    assert {asked.timeout_s for asked in laboratory.asked} == {threading.TIMEOUT_MAX}


def test_three_hosts_take_turns_and_are_closed_at_the_end(
    laboratory: Any, make_plan: MakePlan
) -> None:
    def start_host() -> Any:
        assert all(host.closings == 0 for host in laboratory.hosts)
        return laboratory.start_host()

    records = list(conduct(make_plan(), laboratory.conditions(start_host=start_host)))
    samples = of_kind(Sample, records)
    assert all(sample.host == sample.round % 3 for sample in samples)
    assert [host.closings for host in laboratory.hosts] == [1, 1, 1]


def test_closing_the_iterator_closes_the_host(laboratory: Any, make_plan: MakePlan) -> None:
    records = conduct(make_plan(), laboratory.conditions())
    assert isinstance(next(records), Calibration)
    assert isinstance(next(records), Sample)
    assert [host.closings for host in laboratory.hosts] == [0]
    records.close()
    assert [host.closings for host in laboratory.hosts] == [1]


def test_all_hosts_are_closed_even_if_closing_one_is_interrupted(
    laboratory: Any, make_plan: MakePlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(conduct(make_plan(), laboratory.conditions())) as records:
        while len(laboratory.hosts) < 3:
            next(records)
        closed = []

        def close(number: int) -> None:
            closed.append(number)
            if number == 1:
                raise KeyboardInterrupt

        for number, host in enumerate(laboratory.hosts):
            monkeypatch.setattr(host, "close", partial(close, number))
        with pytest.raises(KeyboardInterrupt):
            records.close()
    assert sorted(closed) == [0, 1, 2]


def test_an_interruption_closes_the_host(laboratory: Any, make_plan: MakePlan) -> None:
    def sample(asked: Any) -> Message:
        raise KeyboardInterrupt

    laboratory.sample = sample
    with pytest.raises(KeyboardInterrupt):
        list(conduct(make_plan(), laboratory.conditions()))
    assert [host.closings for host in laboratory.hosts] == [1]
