from __future__ import annotations

from dataclasses import replace

import pytest

from comparisons import make_plan
from crashes import (
    HUNG,
    MS,
    PROGRAM,
    REPLACED,
    alone,
    broken,
    crash_trial,
    lacking_trial,
    told,
    usual_trials,
)
from gilbench.comparison import Cell, Claim, Figure, Outcome, Row, Trial, Unit, Way
from gilbench.studies.comparison.crash import CRASH
from gilbench.trials.crash.failure import Failure
from gilbench.trials.crash.place import Place

PLAN = make_plan(rows=("crash",))
ISOLATED = "Subinterpreters are isolated: a crash in one leaves the others alone."
POOL_HANGS = "multiprocessing.Pool hangs when a worker is killed."
BROKEN = "A ProcessPoolExecutor is broken for good when one worker is killed."
MEMORY = "Threads run out of memory together, processes each for itself."


def found(*trials: Trial) -> Row:
    return CRASH.find(PLAN, trials)


def claims(row: Row) -> dict[str, Claim]:
    return {claim.claim: claim for claim in row.evidence.claims}


def table(row: Row, title: str) -> dict[str, dict[str, Cell]]:
    (one,) = (each for each in row.evidence.tables if each.title == title)
    return {line.label: dict(zip(one.headings, line.cells, strict=True)) for line in one.lines}


def test_the_table_says_what_a_null_pointer_read_takes_along() -> None:
    row = found(*usual_trials())
    assert row.columns == {
        Way.THREAD: Cell(words="the program"),
        Way.INTERPRETER: Cell(words="the program"),
        Way.FORK: Cell(words="itself only"),
        Way.FORKSERVER: Cell(words="itself only"),
        Way.SPAWN: Cell(words="itself only"),
    }
    assert row.holds is Outcome.HOLDS
    assert row.evidence.deciding == (
        "By a null-pointer read, os._exit() and SIGKILL, a thread took the whole program along 3 of"
        " 3 times; a process died alone 9 of 9 times, and its caller knew after 1.5 ms (median)."
    )


def test_every_claim_of_what_is_mostly_seen() -> None:
    assert {name: claim.holds for name, claim in claims(found(*usual_trials())).items()} == {
        ISOLATED: Outcome.DOES_NOT_HOLD,
        "An exception in one worker leaves all others alone.": Outcome.HOLDS,
        POOL_HANGS: Outcome.HOLDS,
        BROKEN: Outcome.HOLDS,
        "sys.exit() in a thread ends that thread only, os._exit() the whole program.": (
            Outcome.HOLDS
        ),
        MEMORY: Outcome.DEPENDS,
        "Nobody notices a worker that hangs.": Outcome.HOLDS,
    }


def test_the_deciding_sentences_quote_what_was_seen() -> None:
    said = {name: claim.deciding for name, claim in claims(found(*usual_trials())).items()}
    assert said[POOL_HANGS] == (
        "Of the task whose worker died by a null-pointer read, os._exit() and SIGKILL its caller"
        " heard nothing for 250 ms, 3 of 3 times: it waits for ever. The other tasks and a new one"
        " were done 3 of 3 times: the pool starts another worker."
    )
    assert said[MEMORY] == (
        "When a thread had run out of it, the tasks of others were done where it was by itself and"
        " lost in a ThreadPoolExecutor: what it took is free again when its error is. They were"
        " done 7 of 7 times when a process had."
    )
    assert said["Nobody notices a worker that hangs."] == (
        "The caller heard nothing for 250 ms, 10 of 10 times, and the other tasks were done 10"
        " times. A process could be killed, in 900 us; there is no way to kill a thread."
    )


def test_the_times_of_all_start_methods_count_for_a_pool_of_processes() -> None:
    row = found(
        *(
            crash_trial(Place.PROCESS_POOL, way, {Failure.KILL: broken(ms)})
            for way, ms in ((Way.FORK, 1), (Way.FORKSERVER, 2), (Way.SPAWN, 6))
        )
    )
    times = table(row, "Time until the caller of a pool knew of it")["SIGKILL"]
    assert times["ProcessPool"] == Cell(figure=Figure(value=2 * MS, unit=Unit.NANOSECONDS))
    assert times["ThreadPool"] == Cell()
    by_method = table(
        row, "Time until the caller of a ProcessPoolExecutor knew of it, by start method"
    )["SIGKILL"]
    assert [cell.figure and cell.figure.value / MS for cell in by_method.values()] == [1, 2, 6]


def test_what_differs_by_start_method_is_told_by_start_method() -> None:
    row = found(
        crash_trial(Place.PROCESS_POOL, Way.FORK, {Failure.KILL: broken()}),
        crash_trial(Place.PROCESS_POOL, Way.SPAWN, {Failure.KILL: REPLACED}),
    )
    died = table(row, "Who died, in a pool of two workers")["SIGKILL"]["ProcessPool"]
    assert died == Cell(words="all workers (fork); the worker (spawn)")
    assert claims(row)[BROKEN].holds is Outcome.DEPENDS


def test_six_times_are_enough_for_an_interval() -> None:
    row = found(
        *(
            crash_trial(Place.WORKER, Way.FORK, {Failure.KILL: alone(ms)}, round=ms)
            for ms in range(1, 7)
        )
    )
    figure = table(row, "Time until the caller knew of it")["SIGKILL"]["fork"].figure
    assert figure is not None
    assert figure.value == 3.5 * MS
    assert figure.low is not None
    assert figure.high is not None
    assert 1 * MS <= figure.low < figure.value < figure.high <= 6 * MS


def test_what_is_not_to_be_had_is_unavailable_with_its_reason() -> None:
    row = found(
        lacking_trial(Place.WORKER, Way.INTERPRETER, "needs Python 3.12 or later"),
        crash_trial(
            Place.WORKER,
            Way.THREAD,
            {Failure.NULL_READ: PROGRAM, Failure.MEMORY: {"unavailable": "no RLIMIT_AS"}},
        ),
        crash_trial(Place.WORKER, Way.FORK, {Failure.MEMORY: alone()}),
    )
    assert row.columns[Way.INTERPRETER] == Cell(unavailable="needs Python 3.12 or later")
    assert row.columns[Way.SPAWN] == Cell()
    memory = row.evidence.facts[0]
    assert memory.name == "what running out of memory takes along"
    assert memory.columns[Way.THREAD] == Cell(unavailable="no RLIMIT_AS")
    assert memory.columns[Way.FORK] == Cell(words="itself only")


def test_a_claim_of_what_was_not_tried_is_not_made() -> None:
    row = found(crash_trial(Place.WORKER, Way.THREAD, {Failure.KILL: PROGRAM}))
    assert row.holds is Outcome.INCONCLUSIVE
    assert row.evidence.deciding == "No process was seen to crash."
    assert row.evidence.claims == ()


def crashes(in_thread: dict[str, str | float], in_process: dict[str, str | float]) -> Row:
    return found(
        crash_trial(Place.WORKER, Way.THREAD, {Failure.KILL: in_thread}),
        crash_trial(Place.WORKER, Way.SPAWN, {Failure.KILL: in_process}),
    )


@pytest.mark.parametrize(
    ("in_thread", "in_process", "outcome"),
    [
        (PROGRAM, alone(), Outcome.HOLDS),
        (PROGRAM, PROGRAM, Outcome.DEPENDS),
        (alone(), alone(), Outcome.DEPENDS),
        (alone(), PROGRAM, Outcome.DOES_NOT_HOLD),
        (PROGRAM, {**alone(), "running": "lost"}, Outcome.DEPENDS),
    ],
)
def test_the_claim_holds_only_as_a_whole(
    in_thread: dict[str, str | float], in_process: dict[str, str | float], outcome: Outcome
) -> None:
    assert crashes(in_thread, in_process).holds is outcome


def test_what_is_seen_twice_must_be_the_same_twice() -> None:
    trials = [
        crash_trial(Place.WORKER, Way.THREAD, {Failure.KILL: PROGRAM}),
        crash_trial(Place.WORKER, Way.SPAWN, {Failure.KILL: alone()}),
        crash_trial(Place.WORKER, Way.SPAWN, {Failure.KILL: PROGRAM}, round=1),
    ]
    assert found(*trials).holds is Outcome.INCONCLUSIVE
    assert found(*trials[:2]).holds is Outcome.HOLDS


def test_a_wait_that_was_too_short_here_proves_no_hang() -> None:
    pool = crash_trial(Place.POOL, Way.FORK, {Failure.KILL: REPLACED}, limit_ns=250 * MS)

    def outcome(*knew_ms: float) -> Outcome:
        executors = [
            crash_trial(Place.PROCESS_POOL, Way.FORK, {Failure.KILL: broken(ms)}, round=round)
            for round, ms in enumerate(knew_ms)
        ]
        return claims(found(pool, *executors))[POOL_HANGS].holds

    assert outcome(2, 2, 200) is Outcome.HOLDS
    assert outcome(30, 30, 30) is Outcome.INCONCLUSIVE
    assert outcome(2, 2, 260) is Outcome.INCONCLUSIVE
    assert outcome() is Outcome.HOLDS


def test_a_pool_that_tells_does_not_hang() -> None:
    row = found(crash_trial(Place.POOL, Way.FORK, {Failure.KILL: told("BrokenPool")}))
    assert claims(row)[POOL_HANGS].holds is Outcome.DOES_NOT_HOLD
    late = {**REPLACED, "told": "late", "knew_ns": 300.0 * MS}
    row = found(crash_trial(Place.POOL, Way.FORK, {Failure.KILL: late}))
    assert claims(row)[POOL_HANGS].holds is Outcome.DOES_NOT_HOLD


def test_the_notes_tell_what_is_strange() -> None:
    notes = "\n".join(found(*usual_trials()).evidence.notes)
    assert "In a subinterpreter the error of running out of memory was lost" in notes
    assert "sys.exit() in a task of multiprocessing.Pool ends the worker" in notes
    assert "For want of time" in notes


def test_the_notes_tell_what_a_hurry_left_out() -> None:
    trials = [crash_trial(Place.WORKER, Way.THREAD, {Failure.KILL: PROGRAM, Failure.HANG: HUNG})]
    notes = CRASH.find(replace(PLAN, quick=True), trials).evidence.notes
    assert notes[-1] == (
        "Quick: only SIGKILL and a hang, and of ProcessPoolExecutor only the usual start method"
        " were tried."
    )


def test_a_damaged_trial_is_refused_as_such() -> None:
    (trial,) = [crash_trial(Place.WORKER, Way.FORK, {Failure.KILL: alone()})]
    words = {name: word for name, word in trial.words.items() if name != "kill.died"}
    with pytest.raises(LookupError):
        found(replace(trial, words=words))
    with pytest.raises(ValueError, match="of-old-age"):
        found(replace(trial, parameters={**trial.parameters, "failures": "of-old-age"}))
