from __future__ import annotations

import errno
import os
import tempfile
from datetime import datetime
from pathlib import Path

import platformdirs
import pytest

from gilbench.errors import InputError
from gilbench.results import SCALING, default_place, open_store
from gilbench.results.place import KEPT

NOW = datetime(2026, 1, 2, 3, 4, 5)
NAME = f"run-20260102-030405-{os.getpid()}"


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "state" / "gilbench"
    monkeypatch.setattr(platformdirs, "user_state_path", lambda *_, **__: folder)
    return folder


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(folder))
    return folder


def older_runs(folder: Path, number: int) -> list[Path]:
    folder.mkdir(parents=True)
    paths = [folder / f"run-20250101-{index:06}-77.jsonl" for index in range(number)]
    for path in paths:
        path.touch()
    return paths


def test_run_goes_to_the_state_folder_by_time_and_process(state: Path) -> None:
    place = default_place(NOW)

    assert place.path == state / f"{NAME}.jsonl"
    assert place.note is None


def test_place_can_be_stored_to(state: Path) -> None:
    with open_store(default_place(NOW).path, SCALING):
        pass

    assert list(state.iterdir()) == []


def test_two_runs_in_one_second_get_files_of_their_own(state: Path) -> None:
    paths = [default_place(NOW).path for _ in range(3)]

    assert [path.name for path in paths] == [f"{NAME}.jsonl", f"{NAME}-2.jsonl", f"{NAME}-3.jsonl"]


def test_only_the_newest_runs_stay(state: Path) -> None:
    earlier = older_runs(state, KEPT + 5)
    place = default_place(NOW)

    assert sorted(state.iterdir()) == [*earlier[6:], place.path]
    assert len(list(state.iterdir())) == KEPT


def test_new_run_stays_although_its_clock_stands_before_the_others(state: Path) -> None:
    older_runs(state, KEPT)
    place = default_place(datetime(1999, 1, 1))

    assert place.path.exists()
    assert len(list(state.iterdir())) == KEPT


def test_other_names_are_never_removed(state: Path) -> None:
    older_runs(state, KEPT)
    kept = [state / name for name in ("run-mine.jsonl", "run-20250101-000000-77.jsonl.bak", "a")]
    for path in kept:
        path.touch()
    default_place(NOW)

    assert all(path.exists() for path in kept)


def test_run_that_another_process_removes_first_is_no_trouble(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = older_runs(state, KEPT + 1)
    remove = Path.unlink

    def race(path: Path) -> None:
        remove(path)
        remove(path)

    monkeypatch.setattr(Path, "unlink", race)
    default_place(NOW)

    assert not any(path.exists() for path in earlier[:2])


def test_state_folder_that_cannot_be_made_gives_way_to_the_temporary_one(
    state: Path, temporary: Path
) -> None:
    state.parent.write_text("a file where the folder should be")
    place = default_place(NOW)

    assert place.path == temporary / f"gilbench-{NAME}.jsonl"
    assert place.path.exists()
    assert place.note is not None
    assert f"{state} cannot be written" in place.note
    assert f"results go to {place.path}" in place.note


def test_state_folder_that_cannot_be_written_gives_way_too(
    state: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch = Path.touch

    def refuse(path: Path, exist_ok: bool) -> None:
        if path.parent == state:
            raise PermissionError(errno.EACCES, "Permission denied")
        touch(path, exist_ok=exist_ok)

    monkeypatch.setattr(Path, "touch", refuse)
    place = default_place(NOW)

    assert place.path.parent == temporary
    assert place.note is not None
    assert "(Permission denied)" in place.note


def test_nothing_is_removed_from_the_temporary_folder(state: Path, temporary: Path) -> None:
    state.parent.write_text("a file where the folder should be")
    theirs = [temporary / f"run-20250101-{index:06}-77.jsonl" for index in range(KEPT + 5)]
    for path in theirs:
        path.touch()
    default_place(NOW)

    assert all(path.exists() for path in theirs)


def test_nowhere_to_write_is_one_line(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state.parent.write_text("a file where the folder should be")

    def none_usable() -> str:
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "gettempdir", none_usable)
    with pytest.raises(InputError, match="no folder for results can be written"):
        default_place(NOW)
