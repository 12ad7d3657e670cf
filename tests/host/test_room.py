from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from gilbench.host import room
from gilbench.host.room import descriptors_left, shortage

GIB = 2**30


def asked(
    backend: str,
    workers: int,
    bytes_each: int,
    *,
    made: int = 0,
    working: int = 0,
    memory: int | None = None,
    descriptors: int | None = None,
) -> str | None:
    return shortage(
        backend,
        workers,
        bytes_each,
        made=made,
        working=working,
        memory=memory,
        descriptors=descriptors,
    )


@pytest.mark.parametrize(
    ("backend", "workers", "bytes_each", "right"),
    [
        ("spawn", 4096, 0, "4096 workers would take 36.0 GiB of memory, and 8.0 GiB is left"),
        ("threads", 64, GIB, "64 workers would take 64.0 GiB of memory, and 8.0 GiB is left"),
        (
            "fork",
            1025,
            0,
            "1025 workers would take 1025 open files, and this process may open 1024 (ulimit -n)",
        ),
        ("forkserver", 512, 0, None),
        ("threads", 4096, 0, None),
        ("native", 2, 3 * GIB, None),
        ("serial", 1, 9 * GIB, "1 worker would take 9.0 GiB of memory, and 8.0 GiB is left"),
        ("theirs", 10**9, 0, None),
    ],
)
def test_what_is_missing(backend: str, workers: int, bytes_each: int, right: str | None) -> None:
    told = asked(backend, workers, bytes_each, memory=8 * GIB, descriptors=1024)
    assert told == right


def test_what_is_there_already_takes_nothing_more() -> None:
    assert asked("threads", 3, 3 * GIB, memory=8 * GIB) is not None
    assert asked("threads", 3, 3 * GIB, memory=8 * GIB, working=1) is None
    assert asked("spawn", 1000, 0, descriptors=1000) is not None
    assert asked("spawn", 1000, 0, descriptors=1000, made=500) is None
    assert asked("spawn", 4096, 0, memory=8 * GIB, made=4000) is None
    assert asked("threads", 9, GIB, memory=GIB, working=2) == (
        "9 workers would take 7.0 GiB more of memory, and 1.0 GiB is left"
    )
    assert asked("spawn", 9, 0, descriptors=5, made=2) == (
        "9 workers would take 14 more open files, and this process may open 5 (ulimit -n)"
    )
    assert asked("spawn", 2, GIB, memory=0, descriptors=0, made=9, working=9) is None


def test_what_the_system_does_not_tell_limits_nothing() -> None:
    assert asked("spawn", 4096, GIB) is None


def test_processes_are_those_of_the_default_method(monkeypatch: pytest.MonkeyPatch) -> None:
    told = []
    for method in ("fork", "spawn"):
        monkeypatch.setattr(room, "default_start_method", lambda method=method: method)
        told.append(asked("processes", 1000, 0, descriptors=10))
    assert [line and line.split()[4] for line in told] == ["1000", "2000"]


def test_a_process_may_open_some_files() -> None:
    left = descriptors_left()
    assert left is None or left > 10


@pytest.mark.skipif(sys.platform == "win32", reason="nothing limits descriptors there")
def test_what_a_process_opens_is_not_left() -> None:
    before = descriptors_left()
    if before is None:
        pytest.skip("nothing limits descriptors here")
    with ExitStack() as stack:
        for _ in range(5):
            stack.enter_context(Path(os.devnull).open("rb"))
        assert descriptors_left() == before - 5


@pytest.mark.skipif(sys.platform == "win32", reason="nothing limits descriptors there")
def test_where_open_ones_do_not_show_it_is_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    before = descriptors_left()
    monkeypatch.setattr(room, "_OPEN", "/nowhere")
    left = descriptors_left()
    assert left is None or (before is not None and left > before)
