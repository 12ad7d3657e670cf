from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from gilbench.experiment.strays import MARK
from gilbench.workloads.io.place import HOST, made_once, shared_folder
from scripts import output_of

_OTHERS = """
import sys
from gilbench.backends.interpreters import INTERPRETERS, make_interpreter

made = (
    f"import sys; sys.path[:] = {sys.path!r}\\n"
    "from gilbench.workloads.io.place import made_once\\n"
    "made_once('thing', lambda path: path.write_text('made by another'))"
)
exec(made)
if INTERPRETERS.unavailable() is None:
    interpreter = make_interpreter()
    assert interpreter.execute(made) is None
    interpreter.close()
"""


def test_it_is_known_by_the_mark_of_hosts() -> None:
    assert HOST == MARK


def test_outside_of_a_host_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(HOST, raising=False)
    with pytest.raises(RuntimeError, match="this is none"):
        shared_folder()


def test_of_many_who_ask_at_once_one_makes_it(host_folder: Path) -> None:
    makers: list[int] = []

    def make(path: Path) -> None:
        makers.append(threading.get_ident())
        time.sleep(0.05)
        path.write_text("made", encoding="utf-8")

    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.append(made_once("thing", make).read_text()))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(makers) == 1
    assert found == ["made"] * 8
    assert shared_folder() == host_folder


def test_what_fails_is_tried_again_by_the_next(host_folder: Path) -> None:
    def fail(path: Path) -> None:
        raise OSError("no")

    with pytest.raises(OSError, match="no"):
        made_once("thing", fail)
    made_once("thing", lambda path: path.touch())
    assert (host_folder / "thing").exists()


def test_other_processes_and_interpreters_have_the_same(host_folder: Path) -> None:
    made_once("thing", lambda path: path.write_text("made here"))
    output_of(_OTHERS)
    assert (host_folder / "thing").read_text() == "made here"
