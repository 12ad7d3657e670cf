"""The story of a scene, with a crew that only says what it is told to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gilbench._native import clock
from gilbench.trials.crash import task
from gilbench.trials.crash.crew import DONE
from gilbench.trials.crash.failure import Failure
from gilbench.trials.crash.scene import play
from gilbench.trials.crash.sign import give, look

MS = 1_000_000


class Told:
    """A task of which the caller is told this, after so many questions; each waits 1 ms."""

    def __init__(self, told: str | None, after: int = 0, *, kills: bool = False) -> None:
        self.told, self.after, self.kills = told, after, kills

    def wait(self, seconds: float) -> str | None:
        self.after -= 1
        return None if self.after >= 0 else self.told

    def kill(self) -> bool:
        if self.kills:
            self.told = "exit code -9"
        return self.kills


class Crew:
    """Does nothing: tasks are told to be done, or what is said here, and signs are given."""

    def __init__(self, folder: Path, failing: Told, *, queues: bool = True, **says: Any) -> None:
        self.folder, self.failing, self.queues = str(folder), failing, queues
        self.running: str | None = says.get("running", DONE)
        self.queued: str | None = says.get("queued", DONE)
        self.new: str | Exception = says.get("new", DONE)
        self.dead: set[str] = says.get("dead", set())
        self.signs: bool = says.get("signs", True)
        self.survived: bool = says.get("survived", False)
        self.fails: bool = says.get("fails", True)

    def submit(self, function: Callable[..., object], *arguments: Any) -> Told:
        if function is task.fail:
            if self.fails:
                give(self.folder, task.FAILING, f"{clock.now_ns()} 2/2 by some call")
            if self.survived:
                give(self.folder, task.SURVIVED, "it did")
            return self.failing
        name = arguments[2]
        if name == "new" and isinstance(self.new, Exception):
            raise self.new
        if self.signs:
            give(self.folder, f"done-{name}", "done")
        if function is task.neighbour:
            give(self.folder, task.RUNNING, "1/1")
            return Told(self.running)
        return Told(self.new if name == "new" else self.queued)

    def lives(self, worker: str) -> bool:
        return worker not in self.dead


def said(crew: Crew, failure: Failure = Failure.EXCEPTION, limit_ns: int = 0) -> dict[str, Any]:
    words: dict[str, Any] = {}

    def say(**more: object) -> None:
        assert not set(more) & set(words)
        words.update(more)

    play(crew, failure, crew.folder, limit_ns, say)
    assert look(crew.folder, task.OVER) is not None
    return words


def test_what_the_caller_is_told_and_when(tmp_path: Path) -> None:
    words = said(Crew(tmp_path, Told("ValueError")))
    assert 0 <= words.pop("knew_ns") < 1000 * MS
    assert words == {
        "told": "ValueError",
        "running": "done",
        "queued": "done",
        "goes_on": "yes",
        "died": "nobody",
    }


def test_workers_by_themselves_have_no_queue(tmp_path: Path) -> None:
    words = said(Crew(tmp_path, Told("exit code 1"), queues=False, dead={"2/2"}))
    assert "queued" not in words
    assert "goes_on" not in words
    assert words["died"] == "worker"


def test_what_never_comes_is_not_waited_for_longer_than_the_limit(tmp_path: Path) -> None:
    words = said(Crew(tmp_path, Told(None), dead={"2/2"}))
    assert words == {
        "hung": True,
        "running": "done",
        "queued": "done",
        "goes_on": "yes",
        "died": "worker",
    }


def test_late_is_not_never(tmp_path: Path) -> None:
    words = said(Crew(tmp_path, Told("ValueError", after=1)), limit_ns=-1)
    assert words["hung"] is True
    assert words["told"] == "late"
    assert words["knew_ns"] > 0


def test_a_broken_crew_has_lost_all(tmp_path: Path) -> None:
    broken = "BrokenProcessPool"
    lost = {"running": broken, "queued": broken, "new": RuntimeError("it is broken")}
    crew = Crew(tmp_path, Told(broken), dead={"1/1", "2/2"}, **lost)
    words = said(crew)
    assert (words["running"], words["queued"]) == ("lost", "lost")
    assert (words["goes_on"], words["died"]) == ("RuntimeError", "workers")


def test_whose_task_was_done_has_not_died_of_it(tmp_path: Path) -> None:
    assert said(Crew(tmp_path, Told("exit code 1"), dead={"1/1", "2/2"}))["died"] == "worker"


def test_others_that_hang_are_told(tmp_path: Path) -> None:
    words = said(Crew(tmp_path, Told("ValueError"), running=None, queued=None))
    assert (words["running"], words["queued"]) == ("hung", "hung")


def test_a_task_counts_as_done_only_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gilbench.trials.crash.scene._SECONDS_TO_CLEAR", 0.01)
    words = said(Crew(tmp_path, Told("ValueError"), signs=False))
    assert (words["running"], words["queued"], words["goes_on"]) == ("lost", "lost", "lost")


def test_a_caller_that_is_told_all_is_done_knows_nothing(tmp_path: Path) -> None:
    words = said(Crew(tmp_path, Told(DONE)))
    assert words["told"] == DONE
    assert "knew_ns" not in words


def test_what_was_not_fatal_is_no_failure(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="should have been fatal was not"):
        said(Crew(tmp_path, Told(DONE), survived=True))


def test_who_fails_too_early_is_told(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="failed before it should: ImportError"):
        said(Crew(tmp_path, Told("ImportError"), fails=False))


@pytest.mark.parametrize("kills", [False, True])
def test_a_worker_that_hangs_is_killed_where_it_can_be(tmp_path: Path, kills: bool) -> None:
    words = said(Crew(tmp_path, Told(None, kills=kills)), Failure.HANG)
    assert ("killed_ns" in words) is kills
    assert words["died"] == "nobody"
