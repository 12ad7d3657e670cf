from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from gilbench.backends.backend import WorkerFailedError
from gilbench.comparison import Way
from gilbench.errors import InputError
from gilbench.trials import ways
from gilbench.trials.io_bound.crew import Crew
from gilbench.trials.io_bound.window import Window
from gilbench.trials.tried import UnavailableError
from processes import descriptors
from scripts import output_of

MS = 1_000_000

# From a process of its own: pytest's has threads, which no fork must see.
_SCRIPT = """
import json, os, sys, time
os.environ["GILBENCH_HOST"] = {folder!r}
from multiprocessing import active_children
from gilbench.comparison import Way
from gilbench.trials.io_bound.crew import Crew
from gilbench.trials.io_bound.window import Window

if __name__ == "__main__":
    with Crew(Way({way!r}), 3) as crew:
        started = crew._started
        pids = [worker.pid for worker in started]
        told = []
        for beside in (False, True):
            crew.open("file-read", 2)
            window = Window(kind="file-read", workers=2, span_ns=60_000_000, beside=beside)
            told.append([len(reading.latencies_ns) for reading in crew.run(window)])
    print(json.dumps([len(set(pids)), os.getpid() in pids, told, len(active_children())]))
"""


def _available() -> list[Way]:
    return [way for way in Way if ways.why_unavailable(way) is None]


@pytest.mark.parametrize("way", _available())
def test_each_way_does_it_and_leaves_nothing(way: Way, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(_SCRIPT.format(folder=str(tmp_path), way=way.value), encoding="utf-8")
    told = json.loads(output_of(f"import runpy; runpy.run_path({str(script)!r}, None, '__main__')"))
    processes, here, counts, left = told
    in_process = way in {Way.THREAD, Way.INTERPRETER}
    assert (processes, here) == ((1, True) if in_process else (3, False))
    assert all(count > 1 for alone_or_beside in counts for count in alone_or_beside)
    assert left == 0


def test_readings_are_of_those_at_work(tmp_path: Path) -> None:
    files, threads = descriptors(), threading.active_count()
    with Crew(Way.THREAD, 3) as crew:
        assert threading.active_count() == threads + 3
        crew.open("file-read", 2)
        readings = crew.run(Window(kind="file-read", workers=2, span_ns=20 * MS))
        assert len(readings) == 2
        for reading in readings:
            assert reading.elapsed_ns >= sum(reading.latencies_ns)
            assert 0 < reading.cpu_ns < 2 * reading.elapsed_ns
        crew.close()
    assert (descriptors(), threading.active_count()) == (files, threads)


def test_what_one_cannot_open_is_told_and_the_others_go_on() -> None:
    with Crew(Way.THREAD, 2) as crew:
        with pytest.raises(InputError, match="no file can be made in /nowhere"):
            crew.open("file-read:folder=/nowhere", 2)
        crew.open("file-read", 2)
        with pytest.raises(WorkerFailedError, match="KeyError: 'file-sync'"):
            crew.run(Window(kind="file-sync", workers=2, span_ns=MS))
        assert len(crew.run(Window(kind="file-read", workers=1, span_ns=MS))) == 1


def test_what_is_dropped_is_closed_and_can_be_opened_again() -> None:
    with Crew(Way.THREAD, 2) as crew:
        files = descriptors()
        crew.open("file-read", 2)
        assert descriptors() == files + 2
        crew.drop("file-read")
        crew.drop("file-write")
        assert descriptors() == files
        crew.open("file-read", 1)
        assert crew.run(Window(kind="file-read", workers=1, span_ns=MS))


def test_a_worker_that_leaves_in_the_middle_is_told() -> None:
    with Crew(Way.THREAD, 2) as crew:
        crew.open("file-read", 2)
        crew._members[1].connection.shutdown(2)
        with pytest.raises((WorkerFailedError, OSError)):
            crew.run(Window(kind="file-read", workers=2, span_ns=MS))


def test_one_that_never_comes_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(port: int, number: int) -> None:
        raise ZeroDivisionError("at once")

    threads = threading.active_count()
    monkeypatch.setattr("gilbench.trials.io_bound.worker.live", fail)
    with pytest.raises(WorkerFailedError, match="ZeroDivisionError: at once"):
        Crew(Way.THREAD, 2)
    assert threading.active_count() == threads


def test_a_way_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ways, "why_unavailable", lambda way: "not here")
    with pytest.raises(UnavailableError, match="not here"):
        Crew(Way.THREAD, 2)
