"""What a host let loose is ended, and its end awaited."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field

import psutil
import pytest

from gilbench.experiment import strays

OURS = {strays.MARK: "ours"}
TRACKER = ["python", "-c", "from multiprocessing.resource_tracker import main;main(7)"]


@dataclass
class Process:
    """A process whose environment is, look by look, `environments`; the last is there for good."""

    environments: list[dict[str, str]]
    looks_to_die: int = 0
    """Looks at which it is still there after it was killed."""

    command: list[str] = field(default_factory=lambda: ["python"])
    """Empty while it has no environment and is becoming another program."""

    program: str = "/usr/bin/python"
    killed: bool = field(default=False, init=False)

    def cmdline(self) -> list[str]:
        return self.command

    def exe(self) -> str:
        return self.program

    def environ(self) -> dict[str, str]:
        if self.killed:
            if not self.looks_to_die:
                raise psutil.NoSuchProcess(1)
            self.looks_to_die -= 1
        elif len(self.environments) > 1:
            return self.environments.pop(0)
        return self.environments[0]

    def kill(self) -> None:
        self.killed = True


def end_among(monkeypatch: pytest.MonkeyPatch, *processes: Process) -> None:
    monkeypatch.setattr(psutil, "process_iter", lambda: iter(processes))
    monkeypatch.setattr(strays, "_SECONDS_BETWEEN_SWEEPS", 0.0)
    strays.end_strays("ours")


def test_only_those_with_the_mark_are_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    other, unmarked, ours = Process([{strays.MARK: "another"}]), Process([{}]), Process([OURS])
    end_among(monkeypatch, other, unmarked, ours)
    assert [process.killed for process in (other, unmarked, ours)] == [False, False, True]


def test_the_end_of_one_that_takes_long_to_die_is_awaited(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = Process([OURS], looks_to_die=50)
    end_among(monkeypatch, ours)
    assert not ours.looks_to_die


def test_one_that_has_just_become_another_program_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = Process([{}, OURS])
    end_among(monkeypatch, ours)
    assert ours.killed


def test_one_that_is_becoming_another_program_is_awaited(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = Process([{}] * 50 + [OURS], command=[])
    end_among(monkeypatch, ours)
    assert ours.killed


def test_threads_of_the_system_are_not_awaited(monkeypatch: pytest.MonkeyPatch) -> None:
    thread = Process([{}] * 50, command=[], program="")
    end_among(monkeypatch, thread)
    assert len(thread.environments) > 40


def test_one_that_cannot_be_ended_is_not_awaited_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strays, "_SECONDS_TO_END", 0.05)
    end_among(monkeypatch, Process([OURS], looks_to_die=sys.maxsize))


def test_those_that_clean_up_have_time_to(monkeypatch: pytest.MonkeyPatch) -> None:
    tracker = Process([OURS] * 20 + [{}], command=TRACKER)
    end_among(monkeypatch, tracker)
    assert len(tracker.environments) == 1
    assert not tracker.killed


def test_those_that_do_not_clean_up_in_time_are_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strays, "_SECONDS_TO_CLEAN_UP", 0.01)
    tracker = Process([OURS], command=TRACKER)
    end_among(monkeypatch, tracker)
    assert tracker.killed


@pytest.mark.skipif(sys.platform == "win32", reason="sessions are POSIX's")
def test_a_daemon_is_gone_when_it_returns() -> None:
    command = [sys.executable, "-c", "import time; time.sleep(100)"]
    mark = f"test of {os.getpid()}"
    with subprocess.Popen(
        command, start_new_session=True, env={**os.environ, strays.MARK: mark}
    ) as daemon:
        strays.end_strays(mark)
        assert psutil.Process(daemon.pid).status() == psutil.STATUS_ZOMBIE
