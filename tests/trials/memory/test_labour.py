from __future__ import annotations

import inspect
import json
import os
import sys
import threading
from pathlib import Path

import pytest

from gilbench.trials.memory import labour
from gilbench.trials.memory.labour import Labour, Line, serve
from scripts import output_of

MIB = 2**20

on_linux = pytest.mark.skipif(
    not Path("/proc/self/smaps").exists(), reason="this system does not tell it so"
)


def pipes() -> tuple[Line, Line]:
    """The two ends of a line in this process."""
    to_us, from_them = os.pipe()
    to_them, from_us = os.pipe()
    return Line((to_us, from_us)), Line((to_them, from_them))


def test_a_line_carries_plain_data_of_any_length() -> None:
    ours, theirs = pipes()
    sent = ("name", [1, 2.5, None], {"bytes": b"x" * (3 * MIB)})
    sender = threading.Thread(target=ours.send, args=(sent,))
    sender.start()
    assert theirs.receive() == sent
    sender.join()
    assert not theirs.poll(0)
    ours.send(1)
    assert theirs.poll(5)
    ours.close()
    assert theirs.receive() == 1
    with pytest.raises(EOFError):
        theirs.receive()
    theirs.close()


def test_it_imports_nothing_that_an_interpreter_lacks() -> None:
    # Else it would be in what a worker costs.
    script = (
        "import sys\n"
        f"code = compile({inspect.getsource(labour)!r}, 'labour', 'exec')\n"
        "before = set(sys.modules)\n"
        "exec(code, {'__name__': 'labour'})\n"
        "print(sorted(set(sys.modules) - before - {'__future__'}))\n"
    )
    assert output_of(script, "-I").strip() == "[]"


@on_linux
def test_the_memory_is_this_processs() -> None:
    # In a process of its own: this one may just be giving back what earlier tests had.
    before, after = json.loads(
        output_of(
            "import json, mmap\n"
            "from gilbench.trials.memory import labour\n"
            "before = labour.memory()\n"
            f"touched = mmap.mmap(-1, {16 * MIB})\n"
            "for page in range(0, len(touched), 4096):\n"
            "    touched[page] = 1\n"
            "print(json.dumps([before, labour.memory()]))\n"
        )
    )
    assert 0 < before["uss"] <= before["pss"] <= before["rss"]
    for size in ("uss", "pss", "rss"):
        assert 15 * MIB < after[size] - before[size] < 17 * MIB, size


@on_linux
def test_without_the_sums_it_adds_them_up(monkeypatch: pytest.MonkeyPatch) -> None:
    read = labour._lines

    def lines(path: str) -> list[bytes]:
        if path.endswith("rollup"):
            raise FileNotFoundError(path)
        return read(path)

    summed = labour.memory()
    monkeypatch.setattr(labour, "_lines", lines)
    added = labour.memory()
    for size, bytes in summed.items():
        assert added[size] == pytest.approx(bytes, rel=0.2), size


def test_where_nobody_tells_there_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def lines(path: str) -> list[bytes]:
        raise PermissionError(path)

    monkeypatch.setattr(labour, "_lines", lines)
    assert labour.memory() == {}


@pytest.fixture
def served() -> tuple[Line, threading.Thread]:
    ours, theirs = pipes()
    given = {"objects": [[1.5, "a"], ["b"]], "array": b"\1" * 8192}
    worker = threading.Thread(target=serve, args=(theirs._end, given))
    worker.start()
    return ours, worker


def test_it_does_what_it_is_asked_until_nothing_is(served: tuple[Line, threading.Thread]) -> None:
    line, worker = served

    def ask(name: str, *arguments: object) -> object:
        line.send((name, arguments))
        return line.receive()

    assert ask("walk") == (True, 3)
    assert ask("take", None) == (True, 2)
    assert ask("take", 3 * 4096) == (True, 3)
    assert ask("collect") == (True, None)
    assert ask("bring", ["json"]) == (True, None)
    assert ask("bring", ["nowhere_at_all"]) == (
        False,
        "ModuleNotFoundError: No module named 'nowhere_at_all'",
    )
    assert ask("sing") == (False, "AttributeError: 'Labour' object has no attribute 'sing'")
    line.send(None)
    worker.join()
    with pytest.raises(EOFError):
        line.receive()
    line.close()


def test_it_ends_when_the_other_end_is_closed(served: tuple[Line, threading.Thread]) -> None:
    line, worker = served
    line.close()
    worker.join(10)
    assert not worker.is_alive()


def test_of_an_import_that_fails_it_tells_the_first_cause(
    served: tuple[Line, threading.Thread], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line, worker = served
    (tmp_path / "wordy.py").write_text(
        "try:\n"
        "    raise ImportError('module inner does not support it')\n"
        "except ImportError as error:\n"
        "    raise ImportError('PLEASE READ THIS') from error\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    line.send(("bring", (["wordy"],)))
    assert line.receive() == (False, "ImportError: module inner does not support it")
    line.send(None)
    worker.join()
    line.close()


def test_a_global_variable_is_all_threads_and_can_be_taken_away() -> None:
    one, other = Labour({}), Labour({})
    assert other.look() == -1
    one.write(3)
    assert other.look() == 3
    one.erase()
    assert other.look() == -1
    assert not hasattr(sys, "gilbench_note")
