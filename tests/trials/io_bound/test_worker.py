from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gilbench._native.clock import now_ns
from gilbench.trials.io_bound.worker import LOOPBACK, burn, live, open_operation, work
from gilbench.workloads.io.files import FileRead, FileWrite

MS = 1_000_000

Tell = Callable[[dict[str, Any]], dict[str, Any]]


def test_requests_follow_one_another_from_one_moment_until_another() -> None:
    moments: list[int] = []

    def nap() -> int:
        moments.append(now_ns())
        time.sleep(0.01)
        return 1

    from_ns = now_ns() + 30 * MS
    read = work(nap, from_ns, from_ns + 45 * MS)
    assert moments[0] >= from_ns
    assert 2 <= len(moments) <= 5
    assert len(read["latencies_ns"]) == len(moments)
    assert all(latency_ns >= 10 * MS for latency_ns in read["latencies_ns"])
    # The last is not cut, and all time is some request's but for what it had to wait for a core.
    assert read["elapsed_ns"] >= 45 * MS
    late_ns = read["elapsed_ns"] - sum(read["latencies_ns"])
    assert 0 <= late_ns <= moments[0] - from_ns
    assert 0 <= read["cpu_ns"] < read["elapsed_ns"]


def test_who_comes_too_late_does_one() -> None:
    read = work(lambda: 0, now_ns() - 20 * MS, now_ns() - 10 * MS)
    assert len(read["latencies_ns"]) == 1
    # Its rate is that of all the time, not of the moment in which it worked.
    assert read["elapsed_ns"] >= 20 * MS


def test_burning_keeps_a_core_busy_until_a_moment() -> None:
    before_ns, until_ns = time.thread_time_ns(), now_ns() + 50 * MS
    burn(now_ns(), until_ns)
    assert now_ns() >= until_ns
    # Others may have the core meanwhile.
    assert time.thread_time_ns() - before_ns > 5 * MS


def test_what_fails_at_first_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[FileRead] = []

    def fail(operation: FileRead) -> int:
        asked.append(operation)
        raise ZeroDivisionError

    monkeypatch.setattr(FileRead, "__call__", fail)
    with pytest.raises(ZeroDivisionError):
        open_operation("file-read", None)
    (operation,) = asked
    assert operation._file.closed


@pytest.fixture
def tell(tmp_path: Path) -> Iterator[Tell]:
    """Tell a worker something, and return its answer; it is a thread of this process."""
    with socket.create_server((LOOPBACK, 0)) as listening:
        thread = threading.Thread(target=live, args=(listening.getsockname()[1], 7))
        thread.start()
        connection, _ = listening.accept()
    with connection, connection.makefile("r") as answers:
        assert json.loads(answers.readline()) == {"number": 7}

        def tell(told: dict[str, Any]) -> dict[str, Any]:
            connection.sendall(f"{json.dumps(told)}\n".encode())
            answer: dict[str, Any] = json.loads(answers.readline())
            return answer

        yield tell
    thread.join(10)
    assert not thread.is_alive()


def test_it_does_as_it_is_told_and_leaves_with_the_connection(tell: Tell) -> None:
    assert tell({"open": "file-read", "dsn": None}) == {}
    assert tell({"open": "file-read", "dsn": None}) == {}
    span = {"from": now_ns(), "until": now_ns() + 5 * MS}
    read = tell({"work": "file-read", **span})
    assert read.keys() == {"latencies_ns", "elapsed_ns", "cpu_ns"}
    assert len(read["latencies_ns"]) > 1
    assert tell({"burn": True, **span}) == {}


@pytest.mark.parametrize(
    ("kind", "what", "problem"),
    [
        ("file-read:folder=/nowhere/at/all", "input", "no file can be made in /nowhere/at/all: No"),
        ("file-read:siz=1k", "input", "workload 'file-read' has no parameter 'siz'; did you mean"),
        ("http:client=httpx", "unavailable", "httpx is not installed: pip install"),
        ("sqlite", "failed", "RuntimeError: what workers share is in the folder of their host"),
    ],
)
def test_a_problem_is_an_answer(
    tell: Tell, kind: str, what: str, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if kind == "sqlite":
        monkeypatch.delenv("GILBENCH_HOST", raising=False)
    else:
        monkeypatch.setenv("GILBENCH_HOST", str(tmp_path))
        (tmp_path / "http-server").write_text("1")
    monkeypatch.setitem(__import__("sys").modules, "httpx", None)
    answer = tell({"open": kind, "dsn": None})
    assert answer["what"] == what
    assert answer["problem"].startswith(problem)


def test_what_the_system_refuses_at_first_or_later_is_not_to_be_had(
    tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lack(_: FileWrite) -> int:
        raise OSError(28, "No space left on device")

    full = {"what": "unavailable", "problem": "No space left on device"}
    assert tell({"open": "file-write", "dsn": None}) == {}
    monkeypatch.setattr(FileWrite, "__call__", lack)
    span = {"from": now_ns(), "until": now_ns() + MS}
    assert tell({"work": "file-write", **span}) == full
    assert tell({"open": "file-sync", "dsn": None}) == full
    assert tell({"close": "file-write"}) == tell({"close": "file-sync"}) == {}
    assert tell({"work": "file-write", **span})["problem"] == "KeyError: 'file-write'"


def test_that_subinterpreters_cannot_have_it_makes_it_unavailable(
    tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise ImportError("sqlite3 in a subinterpreter needs Python 3.13 or later")

    monkeypatch.setattr("gilbench.trials.io_bound.worker.open_operation", refuse)
    assert tell({"open": "sqlite", "dsn": None}) == {
        "what": "unavailable",
        "problem": "sqlite3 in a subinterpreter needs Python 3.13 or later",
    }
