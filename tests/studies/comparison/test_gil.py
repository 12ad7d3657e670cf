from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from comparisons import NEEDS_312, make_plan, make_trial, race_trials
from gilbench.comparison import Outcome, Row, Trial, Way
from gilbench.model import Mode, Status
from gilbench.studies.comparison.gil import GIL, GilRow
from gilbench.studies.comparison.kernel import Kernel
from gilbench.studies.comparison.runners import process_way

from .conftest import FakeLaboratory

ALONE = {None: 1.0}
PROCESSES = {Way.FORK: 1.93, Way.FORKSERVER: 1.9, Way.SPAWN: 1.88}
GIL_BUILD = ALONE | PROCESSES | {Way.THREAD: 1.0}
RELEASED = ALONE | PROCESSES | {Way.THREAD: 1.95}


def find(python: dict[Way | None, float], releasing: dict[Way | None, float], **plan: Any) -> Row:
    trials = [*race_trials("python", python), *race_trials("spin-release", releasing)]
    return GIL.find(make_plan(rows=("gil",), **plan), trials)


def test_a_build_with_a_gil_holds_both_claims() -> None:
    row = find(GIL_BUILD, RELEASED)
    assert row.holds is Outcome.HOLDS
    assert row.fact == "speedup of 2 workers, pure Python"
    assert row.evidence.deciding == (
        "On pure Python two threads did the work of 1.00, two forked processes that of 1.93."
    )
    (claim,) = row.evidence.claims
    assert claim.holds is Outcome.HOLDS
    assert claim.deciding.startswith("In C that releases the GIL two threads did the work of 1.95")
    assert row.columns[Way.FORK].figure
    assert row.columns[Way.FORK].figure.value == pytest.approx(1.93)
    assert row.columns[Way.FORK].ratio == pytest.approx(1.93)
    released, on_a_core = row.evidence.facts
    assert released.columns[Way.THREAD].figure
    assert released.columns[Way.THREAD].figure.value == pytest.approx(1.95)
    assert on_a_core.columns[Way.THREAD].figure
    assert on_a_core.columns[Way.THREAD].figure.value == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("threads", "python", "releasing"),
    [
        (1.0, Outcome.HOLDS, Outcome.DOES_NOT_HOLD),
        (1.38, Outcome.DEPENDS, Outcome.DEPENDS),
        (1.9, Outcome.DOES_NOT_HOLD, Outcome.HOLDS),
    ],
)
def test_outcomes_follow_what_threads_gain(
    threads: float, python: Outcome, releasing: Outcome
) -> None:
    rates = GIL_BUILD | {Way.THREAD: threads}
    row = find(rates, rates)
    assert (row.holds, row.evidence.claims[0].holds) == (python, releasing)


def test_on_one_core_nothing_is_told() -> None:
    rates = dict.fromkeys([None, *Way], 1.0)
    row = find(rates, rates)
    assert row.holds is row.evidence.claims[0].holds is Outcome.INCONCLUSIVE
    assert row.evidence.deciding == (
        "On pure Python two threads did the work of 1.00, two subinterpreters that of 1.00; that"
        " tells nothing: no way was clearly faster than one worker (the best did 1.00 of its"
        " work): there are too few free cores to tell."
    )


def test_a_way_that_is_not_here_has_its_reason() -> None:
    missing = make_trial(
        way=Way.INTERPRETER, figures={}, status=Status.UNAVAILABLE, reason=NEEDS_312
    )
    row = GIL.find(make_plan(rows=("gil",)), [missing, *race_trials("python", GIL_BUILD)])
    assert row.columns[Way.INTERPRETER].unavailable == NEEDS_312
    assert row.holds is Outcome.HOLDS
    assert row.evidence.claims[0].holds is Outcome.INCONCLUSIVE


def test_quick_says_what_it_left_out() -> None:
    assert find(GIL_BUILD, RELEASED).evidence.notes == ()
    assert find(GIL_BUILD, RELEASED, quick=True).evidence.notes[0].startswith("Quick: ")


class Asked:
    """Notes what is to race."""

    def __call__(
        self, row: str, kernels: Sequence[Kernel], *, workers: int, budget_ns: int, seed: int
    ) -> Iterator[Trial]:
        self.row, self.kernels = row, kernels
        self.workers, self.budget_ns, self.seed = workers, budget_ns, seed
        yield make_trial()


def asked(laboratory: FakeLaboratory, **changed: Any) -> Asked:
    race = Asked()
    plan = make_plan(rows=("gil",), **changed)
    assert list(GilRow(race=race).measure(plan, laboratory, 5 * 10**9)) == [make_trial()]
    assert laboratory.asked == []
    return race


def test_both_kernels_race_in_every_way(laboratory: FakeLaboratory) -> None:
    race = asked(laboratory, workers=8)
    assert (race.row, race.workers, race.budget_ns, race.seed) == ("gil", 4, 5 * 10**9, 7)
    assert [(each.name, each.workload, each.mode) for each in race.kernels] == [
        ("python", "python", Mode.HOLD),
        ("spin-release", "spin", Mode.RELEASE),
    ]
    assert {each.ways for each in race.kernels} == {tuple(Way)}


def test_it_goes_on_where_threads_may_gain_or_not(laboratory: FakeLaboratory) -> None:
    for kernel in asked(laboratory).kernels:
        straddling = [
            make_trial(name=kernel.name, way=way, round=round, figures={"units_per_s": (rate,)})
            for round in range(8)
            for way, rate in ((None, 1e6), (Way.FORK, 2e6), (Way.THREAD, (1 + round % 2) * 1e6))
        ]
        assert kernel.undecided(straddling)
        assert not kernel.undecided(list(race_trials(kernel.name, GIL_BUILD)))


def test_in_a_hurry_one_start_method_will_do(laboratory: FakeLaboratory) -> None:
    ways = {each.ways for each in asked(laboratory, quick=True).kernels}
    assert ways == {(Way.THREAD, Way.INTERPRETER, process_way())}


@pytest.mark.slow
def test_a_real_race_has_all_that_the_row_needs(laboratory: FakeLaboratory) -> None:
    plan = make_plan(rows=("gil",), quick=True)
    trials = list(GIL.measure(plan, laboratory, 2 * 10**9))
    tried = {(trial.name, trial.way) for trial in trials}
    assert {
        (name, way) for name in ("python", "spin-release") for way in (None, Way.THREAD)
    } < tried
    rounds = {trial.round for trial in trials if trial.way is Way.THREAD}
    assert 0 in rounds
    for trial in trials:
        if trial.status is Status.OK:
            assert len(trial.figures["units_per_s"]) == trial.parameters["workers"]
            assert min(trial.figures["units_per_s"]) > 0
    row = GIL.find(plan, trials)
    assert row.holds in {Outcome.HOLDS, Outcome.DOES_NOT_HOLD, Outcome.INCONCLUSIVE}
