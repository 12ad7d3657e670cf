from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import pytest

from comparisons import make_plan
from gilbench.comparison import Trial, Way
from gilbench.experiment.conductor import Conditions
from gilbench.model import Case, Failure, Mode, Plan, Sample, Status
from gilbench.studies.comparison import race as racing
from gilbench.studies.comparison.kernel import Kernel
from gilbench.studies.comparison.race import ENOUGH_ROUNDS, FEWEST_ROUNDS, race, racers
from readings import make_reading

MS = 1_000_000
KERNELS = (
    Kernel(name="python", workload="python", ways=(Way.THREAD, Way.FORK)),
    Kernel(name="spin-release", workload="spin", mode=Mode.RELEASE, ways=(Way.THREAD,)),
)


@dataclass
class Conductor:
    """Measures each case of a plan once a round, 25 ms each; some cases cannot run."""

    now_ns: int = 10**9
    rounds: int = 100
    queued: float = 0.0
    queues_until: int = 0
    steal_ticks: int = 0
    lacking: dict[str, str] = field(default_factory=dict)
    plan: Plan | None = None
    conditions: Conditions | None = None
    closings: int = 0

    def conduct(self, plan: Plan, conditions: Conditions) -> Iterator[Sample | Failure]:
        self.plan, self.conditions = plan, conditions
        alive = list(plan.cases)
        samples: list[Sample] = []
        try:
            for case in plan.cases:
                if case.backend in self.lacking:
                    alive.remove(case)
                    yield Failure(
                        case=case,
                        round=0,
                        host=0,
                        status=Status.UNAVAILABLE,
                        reason=self.lacking[case.backend],
                    )
            for round in range(self.rounds):
                for case in alive:
                    self.now_ns += 25 * MS
                    sample = self.sample(case, round)
                    samples.append(replace(sample, rejection=conditions.judge(sample)))
                    yield samples[-1]
                if conditions.enough(plan, samples):
                    return
        finally:
            self.closings += 1

    def sample(self, case: Case, round: int) -> Sample:
        queued = self.queued if round < self.queues_until else 0.0
        readings = tuple(
            make_reading(
                worker=worker,
                units=500.0 * (worker + 1),
                wall_ns=25 * MS,
                cpu_ns=20 * MS,
                run_queue_ns=round_ns(queued * 25 * MS),
                gil_wait_ns=None if case.workload == "python" else 5 * MS,
            )
            for worker in range(case.workers)
        )
        return Sample(
            case=case,
            round=round,
            host=round % 3,
            window=True,
            elapsed_ns=25 * MS,
            readings=readings,
            steal_ticks=self.steal_ticks,
            rejection=None,
            gil_enabled=True,
        )


def round_ns(value: float) -> int:
    return int(value)


@pytest.fixture
def conductor(monkeypatch: pytest.MonkeyPatch) -> Conductor:
    fake = Conductor()
    monkeypatch.setattr(racing, "conduct", fake.conduct)
    monkeypatch.setattr(racing, "time", SimpleNamespace(monotonic_ns=lambda: fake.now_ns))
    monkeypatch.setattr(racing.machine, "cores", lambda: 2)
    return fake


def run(**changed: Any) -> list[Trial]:
    asked: dict[str, Any] = {"workers": 2, "budget_ns": 10 * 10**9, "seed": 7}
    return list(race("gil", KERNELS, **asked | changed))


def test_one_worker_and_several_of_each_way_are_planned(conductor: Conductor) -> None:
    run(workers=3)
    assert conductor.plan
    assert [
        (case.workload, case.mode, case.backend, case.workers) for case in conductor.plan.cases
    ] == [
        ("python", Mode.HOLD, "serial", 1),
        ("python", Mode.HOLD, "threads", 3),
        ("python", Mode.HOLD, "fork", 3),
        ("spin", Mode.RELEASE, "serial", 1),
        ("spin", Mode.RELEASE, "threads", 3),
    ]
    assert conductor.plan.seed == 7


def test_a_sample_is_a_trial(conductor: Conductor) -> None:
    first, second, *_ = run()
    assert (first.row, first.name, first.way, first.round) == ("gil", "python", None, 0)
    assert first.parameters == {"workers": 1}
    assert second == Trial(
        row="gil",
        name="python",
        way=Way.THREAD,
        parameters={"workers": 2},
        round=0,
        figures={
            "units_per_s": (20_000.0, 40_000.0),
            "cpu_share": (0.8, 0.8),
        },
    )


def test_what_is_stamped_has_its_wait(conductor: Conductor) -> None:
    stamped = next(trial for trial in run() if trial.name == "spin-release" and trial.way)
    assert stamped.figures["gil_wait_share"] == (0.2, 0.2)


def test_what_cannot_run_is_a_trial_with_the_reason(conductor: Conductor) -> None:
    conductor.lacking = {"fork": "no fork here"}
    trials = [trial for trial in run() if trial.way is Way.FORK]
    assert [(trial.status, trial.reason) for trial in trials] == [
        (Status.UNAVAILABLE, "no fork here")
    ]


def test_it_ends_once_there_is_enough(conductor: Conductor) -> None:
    assert {trial.round for trial in run()} == set(range(ENOUGH_ROUNDS))
    assert conductor.closings == 1


def test_what_cannot_run_does_not_keep_it_going(conductor: Conductor) -> None:
    conductor.lacking = {"fork": "no fork here", "threads": "nor these"}
    assert max(trial.round for trial in run()) == ENOUGH_ROUNDS - 1


def test_it_ends_with_its_budget(conductor: Conductor) -> None:
    trials = run(budget_ns=5 * 5 * 25 * MS)
    assert max(trial.round for trial in trials) == 4
    assert conductor.closings == 1


def undecided_until(round: int, *, kernel: str = "python") -> tuple[Kernel, ...]:
    """The kernels, of which one is undecided until it has a trial of that round."""

    def undecided(trials: Sequence[Trial]) -> bool:
        return not any(each.round >= round for each in trials if each.name == kernel)

    return tuple(
        replace(each, undecided=undecided) if each.name == kernel else each for each in KERNELS
    )


def test_eight_rounds_are_not_enough_for_what_is_undecided(conductor: Conductor) -> None:
    trials = list(race("gil", undecided_until(11), workers=2, budget_ns=10 * 10**9, seed=7))
    assert max(trial.round for trial in trials) == 11


def test_it_goes_on_past_its_budget_while_undecided(conductor: Conductor) -> None:
    trials = list(race("gil", undecided_until(6), workers=2, budget_ns=5 * 5 * 25 * MS, seed=7))
    # The first sample of the round decides.
    assert [trial.round for trial in trials if trial.round >= 6] == [6]
    assert conductor.closings == 1


@pytest.mark.parametrize(("budget_ms", "spent_ms"), [(500, 1000), (2000, 3500)])
def test_patience_with_what_is_undecided_has_its_limits(
    budget_ms: int, spent_ms: int, conductor: Conductor
) -> None:
    kernels = undecided_until(10**6)
    trials = list(race("gil", kernels, workers=2, budget_ns=budget_ms * MS, seed=7))
    assert len(trials) == spent_ms / 25 - 1


def test_past_the_budget_only_what_is_undecided_is_wanted(conductor: Conductor) -> None:
    budget_ns = 4 * 5 * 25 * MS
    list(race("gil", undecided_until(10**6), workers=2, budget_ns=budget_ns, seed=7))
    assert conductor.plan
    assert conductor.conditions
    for kernel, wanted in (("python", True), ("spin", False)):
        cases = tuple(case for case in conductor.plan.cases if case.workload == kernel)
        samples = [conductor.sample(case, round) for case in cases for round in range(4)]
        part = replace(conductor.plan, cases=cases)
        assert conductor.conditions.enough(part, samples) is not wanted


def test_three_rounds_come_whatever_they_take(conductor: Conductor) -> None:
    trials = run(budget_ns=1)
    assert [trial.round for trial in trials] == [
        round for round in range(FEWEST_ROUNDS) for _ in range(5)
    ]


@pytest.mark.parametrize(("budget_ms", "spent_ms"), [(500, 1000), (2000, 3500), (1, 375 + 25)])
def test_a_busy_machine_is_given_as_long_again_within_limits(
    budget_ms: int, spent_ms: int, conductor: Conductor
) -> None:
    conductor.queued, conductor.queues_until = 0.3, 100
    trials = run(budget_ns=budget_ms * MS)
    assert len(trials) == spent_ms / 25 - 1
    assert {trial.words["rejection"] for trial in trials if trial.way is None} == {"run queue"}


def test_rounds_that_do_not_count_are_made_up_for(conductor: Conductor) -> None:
    conductor.queued, conductor.queues_until = 0.3, 2
    trials = run(budget_ns=400 * MS)
    assert max(trial.round for trial in trials) == 2 + FEWEST_ROUNDS - 1


@pytest.mark.parametrize(
    ("queued", "ticks", "words"),
    [
        (0.0, 0, {}),
        (0.05, 0, {}),
        (0.15, 0, {"rejection": "run queue"}),
        (0.0, 1, {"rejection": "steal"}),
    ],
)
def test_a_sample_that_others_disturbed_does_not_count(
    queued: float, ticks: int, words: dict[str, str], conductor: Conductor
) -> None:
    conductor.queued, conductor.queues_until, conductor.steal_ticks = queued, 100, ticks
    conductor.rounds = 1
    # What threads queue for is mostly the GIL, as the main study sees it.
    assert [trial.words for trial in run() if trial.way is not Way.THREAD] == [words] * 3


def test_more_workers_than_cores_have_to_queue(conductor: Conductor) -> None:
    conductor.queued, conductor.queues_until, conductor.rounds = 0.5, 100, 1
    words = {trial.parameters["workers"]: trial.words for trial in run(workers=4)}
    assert words == {1: {"rejection": "run queue"}, 4: {}}


@pytest.mark.parametrize(("workers", "racing_"), [(2, 2), (4, 4), (8, 4), (64, 4)])
def test_no_more_race_than_can_be_started_in_time(workers: int, racing_: int) -> None:
    assert racers(make_plan(workers=workers)) == racing_
