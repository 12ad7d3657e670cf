from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from gilbench.errors import InputError
from gilbench.trials.io_bound.loop import Loop
from gilbench.trials.io_bound.window import Window
from gilbench.trials.tried import UnavailableError
from gilbench.workloads.io.files import FileWrite
from gilbench.workloads.io.operation import MissingError
from processes import descriptors

MS = 1_000_000


@pytest.mark.parametrize(
    "kind",
    [
        "file-write",
        "file-sync",
        "file-read",
        "sqlite",
        "http:delay=2ms",
        "http:client=socket,delay=2ms",
        "http:client=httpx,delay=2ms",
    ],
)
def test_tasks_do_every_kind_and_leave_nothing(kind: str, host_folder: Path) -> None:
    if "httpx" in kind:
        pytest.importorskip("httpx")
    files, threads = descriptors(), threading.active_count()
    with Loop(3) as loop:
        loop.open(kind, 2)
        readings = loop.run(Window(kind=kind, workers=2, span_ns=30 * MS))
        beside = loop.run(Window(kind=kind, workers=2, span_ns=30 * MS, beside=True))
        loop.close()
    for reading in (*readings, *beside):
        assert reading.latencies_ns
        assert reading.elapsed_ns >= sum(reading.latencies_ns)
    assert threading.active_count() == threads
    # The server, once started, is this process's until its host ends.
    assert descriptors() <= files + 1


def test_tasks_wait_together(host_folder: Path) -> None:
    kind = "http:client=socket,delay=20ms"
    with Loop(8) as loop:
        loop.open(kind, 8)
        readings = loop.run(Window(kind=kind, workers=8, span_ns=60 * MS))
    assert sum(len(reading.latencies_ns) for reading in readings) >= 16
    assert sum(reading.cpu_ns for reading in readings) < 60 * MS


def test_what_is_dropped_is_closed_and_can_be_opened_again() -> None:
    with Loop(2) as loop:
        files = descriptors()
        loop.open("file-read", 2)
        assert descriptors() == files + 2
        loop.drop("file-read")
        assert descriptors() == files
        loop.open("file-read", 1)
        assert loop.run(Window(kind="file-read", workers=1, span_ns=MS))


def test_what_is_refused_in_the_middle_is_told_once_all_have_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ends: list[float] = []

    def write(operation: FileWrite) -> int:
        if len(ends) == 1:
            ends.append(time.monotonic())
            raise OSError(28, "No space left on device")
        time.sleep(0.02)
        ends.append(time.monotonic())
        return 1

    with Loop(2) as loop:
        loop.open("file-write", 2)
        monkeypatch.setattr(FileWrite, "__call__", write)
        with pytest.raises(UnavailableError, match="No space left on device"):
            loop.run(Window(kind="file-write", workers=2, span_ns=100 * MS, beside=True))
        over = time.monotonic()
        assert len(ends) > 2
        time.sleep(0.05)
    assert max(ends) < over


def test_what_cannot_be_opened_is_told(host_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "httpx", None)
    with Loop(1) as loop:
        with pytest.raises(MissingError, match="httpx is not installed"):
            loop.open("http:client=httpx", 1)
        with pytest.raises(InputError, match="no file can be made in /nowhere"):
            loop.open("file-read:folder=/nowhere", 1)
        loop.open("file-read", 1)
        assert loop.run(Window(kind="file-read", workers=1, span_ns=MS))
