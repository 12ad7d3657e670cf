from __future__ import annotations

import pytest

from gilbench.host import room
from gilbench.host.room import descriptors_allowed, shortage

GIB = 2**30


@pytest.mark.parametrize(
    ("backend", "workers", "bytes_each", "right"),
    [
        ("spawn", 4096, 0, "4096 workers would take 36.0 GiB of memory, and 8.0 GiB is left"),
        ("threads", 64, GIB, "64 workers would take 64.0 GiB of memory, and 8.0 GiB is left"),
        (
            "fork",
            1025,
            0,
            "1025 workers would take 1025 open files, and a process may have 1024 here (ulimit -n)",
        ),
        ("forkserver", 512, 0, None),
        ("threads", 4096, 0, None),
        ("native", 2, 3 * GIB, None),
        ("theirs", 10**9, 0, None),
    ],
)
def test_what_is_missing(backend: str, workers: int, bytes_each: int, right: str | None) -> None:
    told = shortage(backend, workers, bytes_each, memory=8 * GIB, descriptors=1024)
    assert told == right


def test_what_the_system_does_not_tell_limits_nothing() -> None:
    assert shortage("spawn", 4096, GIB, memory=None, descriptors=None) is None


def test_processes_are_those_of_the_default_method(monkeypatch: pytest.MonkeyPatch) -> None:
    told = []
    for method in ("fork", "spawn"):
        monkeypatch.setattr(room, "default_start_method", lambda method=method: method)
        told.append(shortage("processes", 1000, 0, memory=None, descriptors=10))
    assert [line and line.split()[4] for line in told] == ["1000", "2000"]


def test_a_process_may_open_some_files() -> None:
    allowed = descriptors_allowed()
    assert allowed is None or allowed > 10
