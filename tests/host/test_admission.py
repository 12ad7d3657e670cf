from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from gilbench import workloads
from gilbench.backends.backend import WorkerFailedError
from gilbench.host import admission
from gilbench.host.admission import Admission
from gilbench.workloads.workload import MOST_BYTES_KEPT

SMALL, LARGE = MOST_BYTES_KEPT // 4, MOST_BYTES_KEPT * 2


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """What was asked for: backend, workers, made, working. More than nine workers do not fit."""
    questions: list[tuple[object, ...]] = []

    def shortage(backend: str, workers: int, bytes_each: int, **told: Any) -> str | None:
        questions.append((backend, workers, told["made"], told["working"]))
        return "no room" if workers > 9 else None

    works = {"small": SimpleNamespace(bytes=SMALL), "large": SimpleNamespace(bytes=LARGE)}
    monkeypatch.setattr(admission, "shortage", shortage)
    monkeypatch.setattr(admission, "kept_tasks", len)
    monkeypatch.setattr(workloads, "find", works.__getitem__)
    return questions


def test_those_for_whom_there_is_no_room_are_turned_away_each_time(
    asked: list[tuple[object, ...]],
) -> None:
    for _ in range(2):
        with pytest.raises(WorkerFailedError, match="no room"):
            Admission().admit("spawn", "small", 10)
    assert asked == [("spawn", 10, 0, 0)] * 2


def test_those_that_were_let_in_are_not_asked_again(asked: list[tuple[object, ...]]) -> None:
    door = Admission()
    for _ in range(3):
        door.admit("spawn", "small", 2)
    assert len(asked) == 1


def test_processes_that_are_kept_do_not_count(asked: list[tuple[object, ...]]) -> None:
    door = Admission()
    door.admit("spawn", "small", 2)
    door.admit("spawn", "small", 4)
    door.admit("spawn", "large", 5)
    door.admit("fork", "small", 3)
    assert asked == [
        ("spawn", 2, 0, 0),
        ("spawn", 4, 2, 2),
        ("spawn", 5, 4, 0),
        ("fork", 3, 0, 0),
    ]


def test_work_that_is_too_large_is_not_kept(asked: list[tuple[object, ...]]) -> None:
    door = Admission()
    door.admit("spawn", "large", 2)
    door.admit("spawn", "large", 3)
    assert asked[1] == ("spawn", 3, 2, 0)


def test_threads_share_what_the_process_keeps_and_are_made_anew(
    asked: list[tuple[object, ...]],
) -> None:
    door = Admission()
    for backend in ("serial", "threads", "native"):
        door.admit(backend, "small", 2)
        door.admit(backend, "small", 3)
    assert asked == [
        (backend, workers, 0, len("small"))
        for backend in ("serial", "threads", "native")
        for workers in (2, 3)
    ]
