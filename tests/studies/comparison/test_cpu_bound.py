from __future__ import annotations

from typing import Any

import pytest

from comparisons import NEEDS_312, make_plan, make_trial, race_trials
from gilbench.comparison import Outcome, Row, Way
from gilbench.model import Mode, Status
from gilbench.studies.comparison.cpu_bound import CPU_BOUND, CpuBoundRow
from gilbench.studies.comparison.runners import process_way
from gilbench.workloads import find as find_workload

from .conftest import FakeLaboratory
from .test_gil import Asked

KERNELS = ("python", "spin-hold", "spin-release", "numpy")
PYTHON = {None: 1.0, Way.INTERPRETER: 1.85, Way.FORK: 1.9}


def find(*threads: float | None, python: dict[Way | None, float] = PYTHON) -> Row:
    """What is found where threads come to these speedups, by kernel; null for not measured."""
    trials = []
    for kernel, value in zip(KERNELS, threads, strict=True):
        rates = python if kernel == "python" else {None: 1.0, Way.FORK: 1.95}
        of_threads = {} if value is None else {Way.THREAD: value}
        trials += race_trials(kernel, rates | of_threads, row="cpu-bound")
    return CPU_BOUND.find(make_plan(rows=("cpu-bound",)), trials)


@pytest.mark.parametrize(
    ("threads", "outcome"),
    [
        ((1.0, 1.0, 1.9, 1.9), Outcome.DEPENDS),
        ((1.0, 1.0, 1.0, 1.0), Outcome.HOLDS),
        ((1.9, 1.9, 1.9, 1.9), Outcome.DOES_NOT_HOLD),
        ((1.4, 1.4, 1.4, 1.4), Outcome.DEPENDS),
        ((1.0, None, 1.9, None), Outcome.DEPENDS),
        ((1.0, 1.0, None, 1.0), Outcome.INCONCLUSIVE),
        ((1.9, None, 1.9, 1.9), Outcome.INCONCLUSIVE),
        ((None, None, None, None), Outcome.INCONCLUSIVE),
    ],
)
def test_the_outcome_is_that_of_all_kernels(
    threads: tuple[float | None, ...], outcome: Outcome
) -> None:
    assert find(*threads).holds is outcome


def test_the_deciding_sentence_tells_each_kernel() -> None:
    assert find(1.0, 1.01, 1.95, 1.94).evidence.deciding == (
        "Two threads did the work of 1.00 on pure Python, 1.01 on C that holds the GIL, 1.95 on C"
        " that releases it and 1.94 on numpy; the best other way that of 1.90 to 1.95."
    )


def test_what_is_not_known_is_told_too() -> None:
    assert find(1.0, 1.0, None, 1.0).evidence.deciding.endswith(
        "; C that releases it tells nothing: it was not measured."
    )
    assert CPU_BOUND.find(make_plan(), ()).evidence.deciding == (
        "Pure Python tells nothing: no other way was measured."
    )


def test_the_line_of_the_table_is_numpy_s_and_the_others_follow() -> None:
    row = find(1.0, 1.01, 1.95, 1.94)
    assert row.fact == "speedup of 2 workers, numpy"
    assert row.columns[Way.THREAD].figure
    assert row.columns[Way.THREAD].figure.value == pytest.approx(1.94)
    assert [fact.name for fact in row.evidence.facts] == [
        "speedup of 2 workers, pure Python",
        "speedup of 2 workers, C that holds the GIL",
        "speedup of 2 workers, C that releases it",
        "time that a worker waits for the GIL, C that holds it",
    ]
    wait = row.evidence.facts[-1].columns
    assert wait[Way.THREAD].figure
    assert wait[Way.THREAD].figure.value == pytest.approx(0.495, abs=0.01)


@pytest.mark.parametrize(
    ("interpreters", "outcome"),
    [(1.9, Outcome.HOLDS), (1.5, Outcome.DEPENDS), (1.0, Outcome.DOES_NOT_HOLD)],
)
def test_subinterpreters_are_weighed_against_processes(
    interpreters: float, outcome: Outcome
) -> None:
    row = find(1.0, 1.0, 1.9, 1.9, python=PYTHON | {Way.INTERPRETER: interpreters})
    (claim,) = row.evidence.claims
    assert claim.holds is outcome
    assert claim.deciding == (
        f"On pure Python two subinterpreters did the work of {interpreters:.2f}, two forked"
        " processes that of 1.90."
    )


def test_subinterpreters_that_vary_tell_nothing() -> None:
    rates = PYTHON | {Way.THREAD: 1.0}
    trials = list(race_trials("python", rates, row="cpu-bound", rounds=3))
    varied = [
        make_trial(
            row="cpu-bound",
            way=each.way,
            round=each.round,
            figures={"units_per_s": (1e6 * (1.2 + 0.3 * each.round),)},
        )
        if each.way is Way.INTERPRETER
        else each
        for each in trials
    ]
    (claim,) = CPU_BOUND.find(make_plan(), varied).evidence.claims
    assert claim.holds is Outcome.INCONCLUSIVE


def test_what_slows_a_round_does_not_part_them() -> None:
    """Both did 60 % for a while, of six rounds: together."""
    trials = [
        make_trial(
            row="cpu-bound",
            way=each.way,
            round=each.round,
            figures={"units_per_s": tuple(0.6 * pace for pace in each.figures["units_per_s"])},
        )
        if each.round == 4 and each.way in {Way.INTERPRETER, Way.FORK}
        else each
        for each in race_trials("python", PYTHON | {Way.THREAD: 1.0}, row="cpu-bound", rounds=6)
    ]
    (claim,) = CPU_BOUND.find(make_plan(), trials).evidence.claims
    assert claim.holds is Outcome.HOLDS


@pytest.mark.parametrize("missing", [Way.INTERPRETER, Way.FORK])
def test_nothing_is_said_of_what_was_not_measured(missing: Way) -> None:
    python = {way: rate for way, rate in PYTHON.items() if way is not missing}
    assert find(1.0, 1.0, 1.9, 1.9, python=python).evidence.claims == ()


def test_numpy_that_refuses_has_the_reason_in_its_cell() -> None:
    refused = make_trial(
        row="cpu-bound",
        name="numpy",
        way=Way.INTERPRETER,
        figures={},
        status=Status.UNAVAILABLE,
        reason=NEEDS_312,
    )
    row = CPU_BOUND.find(make_plan(rows=("cpu-bound",)), [refused])
    assert row.columns[Way.INTERPRETER].unavailable == NEEDS_312


def asked(laboratory: FakeLaboratory, **changed: Any) -> Asked:
    race = Asked()
    plan = make_plan(rows=("cpu-bound",), **changed)
    assert list(CpuBoundRow(race=race).measure(plan, laboratory, 5 * 10**9))
    return race


def test_four_kernels_race_and_numpy_in_every_way(laboratory: FakeLaboratory) -> None:
    race = asked(laboratory)
    assert race.row == "cpu-bound"
    assert [(each.name, each.mode) for each in race.kernels] == [
        ("python", Mode.HOLD),
        ("spin-hold", Mode.HOLD),
        ("spin-release", Mode.RELEASE),
        ("numpy", Mode.HOLD),
    ]
    assert race.kernels[-1].ways == tuple(Way)
    assert all(Way.THREAD in each.ways and process_way() in each.ways for each in race.kernels)


def test_in_a_hurry_numpy_has_one_start_method_too(laboratory: FakeLaboratory) -> None:
    numpy = asked(laboratory, quick=True).kernels[-1]
    assert numpy.ways == (Way.THREAD, Way.INTERPRETER, process_way())


def test_it_goes_on_where_subinterpreters_may_be_as_good_or_not(
    laboratory: FakeLaboratory,
) -> None:
    python, *others = asked(laboratory).kernels
    clear = list(race_trials("python", PYTHON | {Way.THREAD: 1.0}))
    assert not python.undecided(clear)
    varied = [
        make_trial(
            name=each.name,
            way=each.way,
            round=each.round,
            figures={"units_per_s": (1e6 * (1.2 + 0.1 * each.round),)},
        )
        if each.way is Way.INTERPRETER
        else each
        for each in clear
    ]
    assert python.undecided(varied)
    for kernel in others:
        straddling = [
            make_trial(name=kernel.name, way=way, round=round, figures={"units_per_s": (rate,)})
            for round in range(8)
            for way, rate in ((None, 1e6), (Way.FORK, 2e6), (Way.THREAD, (1 + round % 2) * 1e6))
        ]
        assert kernel.undecided(straddling)
        assert not kernel.undecided(clear)


def test_every_kernel_can_be_found(laboratory: FakeLaboratory) -> None:
    for kernel in asked(laboratory).kernels:
        assert kernel.mode in find_workload(kernel.workload).modes


def test_numpy_s_kernel_calls_numpy(laboratory: FakeLaboratory) -> None:
    workload = find_workload(asked(laboratory).kernels[-1].workload)
    task = workload.task()
    task.run(2)
    assert task.checksum() == 3


@pytest.mark.slow
def test_a_real_race_has_all_that_the_row_needs(laboratory: FakeLaboratory) -> None:
    plan = make_plan(rows=("cpu-bound",), quick=True)
    trials = list(CPU_BOUND.measure(plan, laboratory, 2 * 10**9))
    assert {trial.name for trial in trials} == set(KERNELS)
    for kernel in KERNELS:
        measured = [trial for trial in trials if trial.name == kernel and trial.way is Way.THREAD]
        assert {trial.status for trial in measured} == {Status.OK}, kernel
    refused = [each for each in trials if each.name == "numpy" and each.way is Way.INTERPRETER]
    assert all(each.status is not Status.OK for each in refused if each.reason)
    CPU_BOUND.find(plan, trials)
