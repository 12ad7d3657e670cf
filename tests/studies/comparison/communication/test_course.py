from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from comparisons import make_plan
from gilbench.comparison import Trial, Way
from gilbench.model import Status
from gilbench.studies.comparison.communication import course as conducting
from gilbench.studies.comparison.communication import jobs
from gilbench.studies.comparison.communication.course import course
from gilbench.studies.comparison.communication.jobs import ALONE, passes, small_passes
from gilbench.trials.communication.catalogue import CHANNELS
from gilbench.trials.crash import semaphores

MS = 1_000_000
S = 1000 * MS


@dataclass
class FakeLaboratory:
    """Answers after `took_ns` of the time that only it moves."""

    took_ns: int = 10 * MS
    absent: tuple[str, ...] = ()
    now: int = 0
    asked: list[Trial] = field(default_factory=list)
    fresh: set[str] = field(default_factory=set)

    def trial(
        self,
        row: str,
        name: str,
        way: Way | None,
        *,
        round: int = 0,
        fresh: bool = False,
        **parameters: Any,
    ) -> Trial:
        self.now += self.took_ns
        if fresh:
            self.fresh.add(name)
        status = Status.UNAVAILABLE if name in self.absent else Status.OK
        trial = Trial(
            row=row, name=name, way=way, parameters=parameters, round=round, status=status
        )
        self.asked.append(trial)
        return trial


@pytest.fixture(autouse=True)
def two_cores(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(jobs, "pinnable", lambda: (0, 1))
    monkeypatch.setattr(jobs, "process_way", lambda: Way.FORK)
    return monkeypatch


def conducted(laboratory: FakeLaboratory, budget_ns: int, **plan: Any) -> list[Trial]:
    told = course("communication", make_plan(**plan), laboratory, budget_ns, lambda: laboratory.now)
    return list(told)


def laps(trials: list[Trial], name: str, size: int, cores: int = 2) -> int:
    return sum(
        str(trial.parameters["sizes"]).split().count(str(size)) * int(trial.parameters["laps"])
        for trial in trials
        if trial.name == name and trial.way in {Way.THREAD, Way.FORK, Way.INTERPRETER}
        if trial.parameters["cores"] == cores
    )


@pytest.mark.parametrize("quick", [False, True])
def test_whatever_the_budget_there_is_enough_for_intervals(quick: bool) -> None:
    trials = conducted(FakeLaboratory(), 0, quick=quick)
    assert {trial.name for trial in trials} == set(CHANNELS)
    for name in CHANNELS:
        assert laps(trials, name, 64) == 6, name
        if name not in ALONE and name != "interpreter-queue":
            assert laps(trials, name, 64, cores=1) == 6, name
    for way in (Way.FORKSERVER, Way.SPAWN):
        (beside,) = (each for each in trials if each.way is way)
        assert str(beside.parameters["sizes"]).split().count("64") == 6
    largest = {name for name in CHANNELS if laps(trials, name, 2**26)}
    once = {trial.name for trial in trials if "67108864" in str(trial.parameters.get("once"))}
    assert largest | once == (set() if quick else set(CHANNELS))


def test_what_is_forked_has_a_new_channel_for_each_lap() -> None:
    trials = conducted(FakeLaboratory(), 0)
    for name in ("reference", "pipe", "manager", "process-queue"):
        for cores in (1, 2):
            rounds = [
                each.round
                for each in trials
                if each.name == name and each.parameters["cores"] == cores
                if each.parameters["sizes"] == "64 1024 16384 262144"
            ]
            # The pass of large payloads is in the middle.
            assert rounds == [0, 1, 2, 4, 5, 6], name
    (array,) = (each for each in trials if each.name == "array")
    assert array.parameters["laps"] == 6
    assert array.parameters["sizes"] == "64 1024 16384 262144 4194304"
    assert array.parameters["once"] == "67108864 67108864"


def test_what_takes_long_to_start_goes_on_through_one_channel(
    two_cores: pytest.MonkeyPatch,
) -> None:
    assert [small_passes(make_plan(quick=quick)) for quick in (False, True)] == [6, 1]
    two_cores.setattr(jobs, "process_way", lambda: Way.SPAWN)
    assert [small_passes(make_plan(quick=quick)) for quick in (False, True)] == [2, 1]
    pipes = [each for each in conducted(FakeLaboratory(), 0) if each.name == "pipe"]
    sizes = " ".join(str(size) for size in (64, 1024, 16384, 262144) for _ in range(3))
    assert [each.round for each in pipes if each.parameters["sizes"] == sizes] == [0, 0, 2, 2]


def test_interpreters_are_tried_once_for_all() -> None:
    trials = conducted(FakeLaboratory(), 0)
    tried = [
        (each.name, each.parameters["cores"], each.parameters.get("once"))
        for each in trials
        if each.way is Way.INTERPRETER
    ]
    large = "4194304 4194304 67108864 67108864"
    assert sorted(tried, key=str) == [
        ("interpreter-queue", 2, large),
        ("interpreter-queue-polled", 1, None),
        ("interpreter-queue-polled", 2, large),
    ]


def test_what_time_is_left_is_used_for_whole_passes() -> None:
    least = FakeLaboratory()
    conducted(least, 0)
    more = FakeLaboratory()
    budget_ns = least.now + 20 * S
    conducted(more, budget_ns)
    assert more.now > least.now + 19 * S
    # A pass is as long as the one before was.
    assert more.now <= budget_ns
    rounds = Counter(trial.round for trial in more.asked)
    assert sorted(rounds) == list(range(len(rounds)))


def test_a_short_pass_is_done_where_a_long_one_has_no_time() -> None:
    laboratory = FakeLaboratory()
    small, large = passes(make_plan())
    assert len(small) > len(large)
    took_ns = [len(part) * laboratory.took_ns for part in (small, large)]
    trials = conducted(laboratory, 6 * took_ns[0] + took_ns[1] + took_ns[1] + 1)
    by_round = [[each for each in trials if each.round == round] for round in range(8)]
    assert [len(each) for each in by_round] == [
        *[len(small)] * 3,
        len(large),
        *[len(small)] * 3,
        len(large),
    ]


def test_each_pass_is_in_another_order_and_the_same_seed_gives_the_same() -> None:
    first, second, again = FakeLaboratory(), FakeLaboratory(), FakeLaboratory()
    conducted(first, 0, seed=1)
    conducted(again, 0, seed=1)
    conducted(second, 0, seed=2)
    assert first.asked == again.asked
    assert first.asked != second.asked
    in_order = [
        [(each.name, each.way) for each in first.asked if each.round == round] for round in (0, 1)
    ]
    assert in_order[0] != in_order[1]
    assert sorted(in_order[0]) == sorted(in_order[1])


def test_what_is_not_to_be_had_is_tried_once() -> None:
    laboratory = FakeLaboratory(absent=("interpreter-queue", "interpreter-queue-polled"))
    conducted(laboratory, 10 * S)
    asked = Counter(
        (trial.name, trial.parameters["cores"])
        for trial in laboratory.asked
        if trial.name.startswith("interpreter")
    )
    assert set(asked.values()) == {1}


def test_what_loads_numpy_has_a_host_of_its_own() -> None:
    laboratory = FakeLaboratory()
    conducted(laboratory, 0)
    assert laboratory.fresh == ALONE == {"array", "array-beside"}


@pytest.mark.parametrize(("processors", "cores"), [((), {0}), ((3,), {1}), ((0, 1, 2), {1, 2})])
def test_the_sides_are_kept_where_they_can_be(
    two_cores: pytest.MonkeyPatch, processors: tuple[int, ...], cores: set[int]
) -> None:
    two_cores.setattr(jobs, "pinnable", lambda: processors)
    small, large = passes(make_plan())
    assert {job.cores for job in small} == cores
    # Of what is large: interpreters are tried with small payloads there too.
    assert {job.cores for job in large if {2**22, 2**26} & {*job.sizes, *job.once}} == {max(cores)}


def test_without_fork_processes_are_spawned(two_cores: pytest.MonkeyPatch) -> None:
    two_cores.setattr(jobs, "process_way", lambda: Way.SPAWN)
    small, large = passes(make_plan())
    ways = {job.way for job in (*small, *large) if job.name == "pipe"}
    assert ways == {Way.SPAWN}
    # The other methods are asked for nevertheless: the table says why there are none.
    queues = Counter(job.way for job in (*small, *large) if job.name == "process-queue")
    assert queues == {Way.SPAWN: 3, Way.FORK: 1, Way.FORKSERVER: 1}
    assert conducting.ALONE is ALONE


@pytest.mark.skipif(not semaphores.SWEPT, reason="nobody knows where they are")
def test_semaphores_of_a_host_that_was_killed_are_taken_away() -> None:
    left = Path(f"/dev/shm/sem.gilbench-{os.getpid()}-1-left")
    trials = course("communication", make_plan(), FakeLaboratory(), 0, lambda: 0)
    next(trials)
    left.touch()
    trials.close()  # type: ignore[attr-defined] # it is a generator
    assert not left.exists()
