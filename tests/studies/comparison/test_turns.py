from __future__ import annotations

from benches import MS, FakeBench
from gilbench.comparison import Trial, Way
from gilbench.model import Status
from gilbench.studies.comparison.turns import Job, Pass, take_turns

SHORT: Pass = tuple(Job(name="short", way=way) for way in Way)
LONG: Pass = tuple(Job(name="long", way=way, fresh=True, parameters={"size": 3}) for way in Way)


def run(
    bench: FakeBench, due: tuple[Pass, ...], more: tuple[Pass, ...], budget_ns: int, seed: int = 1
) -> list[Trial]:
    trials = list(
        take_turns("memory", due, more, bench, budget_ns=budget_ns, seed=seed, now_ns=bench.clock)
    )
    assert trials == bench.asked
    return trials


def names(trials: list[Trial]) -> list[str]:
    return [trial.name for trial in trials]


def test_what_is_due_comes_whatever_it_takes() -> None:
    bench = FakeBench()
    trials = run(bench, (SHORT, LONG), (SHORT,), budget_ns=0)
    assert names(trials) == ["short"] * 5 + ["long"] * 5
    assert bench.fresh == [False] * 5 + [True] * 5
    assert {trial.row for trial in trials} == {"memory"}
    assert [trial.round for trial in trials] == [0] * 5 + [1] * 5
    assert trials[-1].parameters == {"size": 3}


def test_more_comes_in_turn_while_it_would_end_in_time() -> None:
    bench = FakeBench()
    trials = run(bench, (SHORT, LONG), (SHORT, LONG), budget_ns=2_700 * MS)
    # A pass takes 500 ms: two are due, three more fit, the sixth would end at 3 s.
    assert names(trials)[::5] == ["short", "long", "short", "long", "short"]


def test_a_pass_that_does_not_fit_leaves_its_turn_to_others() -> None:
    bench = FakeBench()
    single = SHORT[:1]
    trials = run(bench, (single, LONG), (LONG, single), budget_ns=1_000 * MS)
    # 600 ms are over, and 500 are too much for the long ones.
    assert names(trials) == ["short"] + ["long"] * 5 + ["short"] * 3


def test_each_pass_is_shuffled_by_the_seed() -> None:
    orders = [
        [trial.way for trial in run(FakeBench(), (SHORT,) * 6, (), 0, seed=seed)]
        for seed in (1, 1, 2)
    ]
    assert orders[0] == orders[1] != orders[2]
    rounds = [tuple(orders[0][start : start + 5]) for start in range(0, 30, 5)]
    assert len(set(rounds)) > 1
    assert all(set(each) == set(Way) for each in rounds)


def test_what_is_not_to_be_had_is_not_asked_again() -> None:
    bad = {("short", Way.FORK): Status.UNAVAILABLE, ("short", Way.SPAWN): Status.FAILED}
    trials = run(FakeBench(bad=bad), (SHORT, SHORT), (SHORT,), budget_ns=1_500 * MS)
    assert [trial.round for trial in trials if trial.way is Way.FORK] == [0]
    assert [trial.round for trial in trials if trial.way is Way.SPAWN] == [0]
    assert [trial.round for trial in trials if trial.way is Way.THREAD] == [0, 1, 2, 3]


def test_another_parameter_is_another_trial() -> None:
    bad = {("long", Way.FORK): Status.FAILED}
    small = Job(name="long", way=Way.FORK, parameters={"size": 1})
    large = Job(name="long", way=Way.FORK, parameters={"size": 9})
    trials = run(FakeBench(bad=bad), ((small,), (large,), (small,)), (), budget_ns=0)
    assert [trial.parameters["size"] for trial in trials] == [1, 9]


def test_where_nothing_is_to_be_had_it_ends() -> None:
    bad = {("short", way): Status.UNAVAILABLE for way in Way}
    assert len(run(FakeBench(bad=bad), (SHORT,), (SHORT,), budget_ns=10_000 * MS)) == 5


def test_a_pass_of_which_nothing_is_to_be_had_leaves_its_time_to_others() -> None:
    bad = {("long", way): Status.UNAVAILABLE for way in Way}
    trials = run(FakeBench(bad=bad), (SHORT, LONG), (LONG, SHORT), budget_ns=2_700 * MS)
    assert names(trials)[::5] == ["short", "long", "short", "short", "short"]


def test_a_clock_that_stands_still_ends_too() -> None:
    assert len(run(FakeBench(trial_ns=0), (), (SHORT[:1],), budget_ns=1)) == 200
