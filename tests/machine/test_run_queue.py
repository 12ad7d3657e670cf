from __future__ import annotations

from pathlib import Path

from gilbench.machine.run_queue import run_queue_ns


def told(tmp_path: Path, text: str) -> int | None:
    folder = tmp_path / "proc" / "thread-self"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "schedstat").write_text(text)
    return run_queue_ns(str(tmp_path))


def test_it_is_the_second_number(tmp_path: Path) -> None:
    assert told(tmp_path, "1000 2000 3\n") == 2000


def test_a_system_that_does_not_tell(tmp_path: Path) -> None:
    assert run_queue_ns(str(tmp_path)) is None
    assert told(tmp_path, "") is None
