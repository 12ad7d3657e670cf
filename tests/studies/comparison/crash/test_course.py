from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from comparisons import make_plan
from gilbench.comparison import Parameter, Trial, Way
from gilbench.model import Status
from gilbench.studies.comparison.crash.course import LIMIT_NS, course
from gilbench.trials.crash.failure import Failure
from gilbench.trials.crash.place import Place

S = 1_000_000_000
USUAL = Way(multiprocessing.get_all_start_methods()[0])
ALL = set(Failure)


class Laboratory:
    """Every trial takes `seconds`; those of a way that is `lacking` are unavailable."""

    def __init__(self, seconds: float = 0.0, lacking: frozenset[Way] = frozenset()) -> None:
        self.seconds, self.lacking = seconds, lacking
        self.now_ns = 0
        self.fresh: set[tuple[str, Way | None]] = set()

    def trial(
        self,
        row: str,
        name: str,
        way: Way | None,
        *,
        round: int = 0,
        fresh: bool = False,
        **parameters: Parameter,
    ) -> Trial:
        self.now_ns += int(self.seconds * S)
        if fresh:
            self.fresh.add((name, way))
        status = Status.UNAVAILABLE if way in self.lacking else Status.OK
        return Trial(row=row, name=name, way=way, parameters=parameters, round=round, status=status)


def tried(
    laboratory: Laboratory, budget_s: float = 11.0, *, quick: bool = False
) -> Iterator[tuple[Place, Way | None, set[Failure], int]]:
    plan = make_plan(rows=("crash",), quick=quick)
    for trial in course("crash", plan, laboratory, int(budget_s * S), lambda: laboratory.now_ns):
        assert trial.parameters["limit_ns"] == LIMIT_NS
        failures = {Failure(each) for each in str(trial.parameters["failures"]).split()}
        yield Place(trial.name), trial.way, failures, trial.round


def test_every_failure_is_tried_in_every_place() -> None:
    first = [each for each in tried(Laboratory(0.9)) if each[3] == 0]
    assert all(failures == ALL for _, _, failures, _ in first)
    places = [(place, way) for place, way, _, _ in first]
    assert len(places) == len(set(places))
    assert set(places) == {
        *((Place.WORKER, way) for way in Way),
        (Place.THREAD_POOL, Way.THREAD),
        (Place.INTERPRETER_POOL, Way.INTERPRETER),
        (Place.PROCESS_POOL, Way.FORK),
        (Place.PROCESS_POOL, Way.FORKSERVER),
        (Place.PROCESS_POOL, Way.SPAWN),
        (Place.POOL, USUAL),
    }


def test_a_hurry_tries_few_failures_and_the_usual_start_method() -> None:
    seen = list(tried(Laboratory(0.25), 2.5, quick=True))
    assert len(seen) == 9
    assert {each[1] for each in seen if each[0] is Place.PROCESS_POOL} == {USUAL}
    for place, _, failures, _ in seen:
        few = {Failure.KILL, Failure.EXCEPTION}
        assert failures == (few | {Failure.NULL_READ} if place is Place.WORKER else few)


def test_time_that_is_left_goes_to_crashes_in_processes() -> None:
    more = [each for each in tried(Laboratory(0.4)) if each[3] > 0]
    assert {round for _, _, _, round in more} == {1, 2, 3}
    assert {(place, way) for place, way, _, _ in more} == {
        (Place.WORKER, way) for way in (Way.FORK, Way.FORKSERVER, Way.SPAWN)
    }
    assert all(Failure.NULL_READ in failures for _, _, failures, _ in more)
    assert all(Failure.HANG not in failures for _, _, failures, _ in more)


def test_none_is_left_on_a_slow_machine_which_leaves_out_the_rest() -> None:
    seen = list(tried(Laboratory(5.0)))
    assert {round for _, _, _, round in seen} == {0}
    assert [failures == ALL for _, _, failures, _ in seen] == [True] * 5 + [False] * 6


def test_what_tells_the_least_comes_last() -> None:
    places = [(place, way) for place, way, _, round in tried(Laboratory(0.9)) if round == 0]
    assert set(places[-4:]) == {
        (place, way)
        for place in (Place.WORKER, Place.PROCESS_POOL)
        for way in (Way.FORK, Way.FORKSERVER, Way.SPAWN)
        if way is not USUAL
    }


def test_ways_that_are_not_to_be_had_are_asked_for_once() -> None:
    lacking = frozenset({Way.FORK, Way.FORKSERVER, Way.SPAWN})
    seen = list(tried(Laboratory(0.1, lacking)))
    assert {round for _, _, _, round in seen} == {0}


def test_what_may_leave_semaphores_has_a_host_of_its_own() -> None:
    laboratory = Laboratory()
    list(tried(laboratory))
    assert laboratory.fresh >= {
        (Place.PROCESS_POOL, Way.FORKSERVER),
        (Place.PROCESS_POOL, Way.SPAWN),
    }
    assert {name for name, _ in laboratory.fresh} <= {Place.PROCESS_POOL, Place.POOL}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere they cannot be found")
def test_semaphores_are_swept_away_also_where_it_is_interrupted() -> None:
    left = Path(f"/dev/shm/sem.gilbench-{os.getpid()}-77-lost")
    trials = tried(Laboratory())
    next(trials)
    left.touch()
    try:
        trials.close()
        del trials
        assert not left.exists()
    finally:
        left.unlink(missing_ok=True)
