from __future__ import annotations

import pytest

from comparisons import race_trials
from gilbench.comparison import Way
from gilbench.studies.comparison.speedups import speedups
from gilbench.studies.comparison.words import did, workers_of


@pytest.mark.parametrize(
    ("way", "said"),
    [
        (Way.THREAD, "two threads"),
        (Way.INTERPRETER, "two subinterpreters"),
        (Way.FORK, "two forked processes"),
        (Way.FORKSERVER, "two forkserver processes"),
        (Way.SPAWN, "two spawned processes"),
    ],
)
def test_workers_are_named_by_their_way(way: Way, said: str) -> None:
    assert workers_of(way, 2) == said


@pytest.mark.parametrize(
    ("rates", "said"),
    [
        (
            {None: 1.0, Way.THREAD: 1.0, Way.FORK: 1.8, Way.SPAWN: 1.9},
            "two threads did the work of 1.00, two spawned processes that of 1.90",
        ),
        ({None: 1.0, Way.THREAD: 1.0}, "two threads did the work of 1.00"),
        ({None: 1.0, Way.FORK: 1.8}, "two forked processes did the work of 1.80"),
        ({None: 1.0}, ""),
    ],
)
def test_what_they_did_is_a_sentence(rates: dict[Way | None, float], said: str) -> None:
    assert did(speedups(list(race_trials("python", rates)), "python", 7), 2) == said
