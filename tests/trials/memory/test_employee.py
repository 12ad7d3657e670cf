from __future__ import annotations

import os
import threading

import pytest

from gilbench.backends.backend import WorkerFailedError
from gilbench.comparison import Way
from gilbench.trials import ways
from gilbench.trials.memory import employee, labour
from gilbench.trials.memory.employee import Employee, LabourError
from gilbench.trials.memory.reading import Reading
from processes import descriptors

# Those that are processes are tried in a host: test_trial.py.
HERE = [way for way in (Way.THREAD, Way.INTERPRETER) if ways.why_unavailable(way) is None]


@pytest.mark.parametrize("way", HERE)
def test_it_answers_until_it_is_let_go(way: Way) -> None:
    threads, files = threading.active_count(), descriptors()
    with Employee(way, {"array": b"\1" * 4096}) as worker:
        assert worker.pid == os.getpid()
        assert worker.ask("take", None) == 1
        assert worker.memory().rss > 0
        with pytest.raises(LabourError, match="^ModuleNotFoundError: No module named 'nowhere"):
            worker.ask("bring", ["nowhere_at_all"])
        assert worker.ask("take", 8192) == 2
    assert threading.active_count() == threads
    assert descriptors() == files


@pytest.mark.parametrize("way", HERE)
def test_a_worker_that_ends_early_is_noticed(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    ends: list[labour.Line] = []

    def work(_way: Way, end: object, _given: object) -> tuple[str, tuple[object, ...]]:
        ends.append(labour.Line(end))
        return "builtins:exec", ("1 / 0", {})

    monkeypatch.setattr(employee, "_work", work)
    refused = pytest.raises(WorkerFailedError, match="asked to walk, .*ZeroDivisionError")
    with Employee(way) as worker, refused:
        worker.ask("walk")
    ends[0].close()


def test_one_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()
    monkeypatch.setattr(employee, "_SECONDS_TO_ANSWER", 0.05)
    monkeypatch.setattr(labour.Labour, "collect", lambda _: released.wait(30))
    with Employee(Way.THREAD) as worker:
        with pytest.raises(WorkerFailedError, match="did not answer within 0.05 s"):
            worker.ask("collect")
        released.set()


def test_where_it_cannot_tell_its_memory_another_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labour, "memory", dict)
    monkeypatch.setattr(employee, "of_process", lambda pid: Reading(rss=pid))
    with Employee(Way.THREAD) as worker:
        assert worker.memory() == Reading(rss=os.getpid())
