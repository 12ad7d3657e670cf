from __future__ import annotations

import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

import psutil
import pytest

from gilbench._native import spin, work
from gilbench.backends import interpreters
from gilbench.backends.backend import WorkerFailedError, WorkerRefusedError
from gilbench.backends.interpreters import INTERPRETERS
from gilbench.model import Mode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gilbench.backends.interpreters import InterpretersCrew
    from gilbench.worker import Order


def test_they_need_python_3_12(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 11, 99))
    assert INTERPRETERS.unavailable() == "a GIL for each interpreter needs Python 3.12 or later"
    monkeypatch.setattr(sys, "version_info", (3, 12, 0))
    assert INTERPRETERS.unavailable() is None


available = pytest.mark.skipif(sys.version_info < (3, 12), reason="they are new in 3.12")


@pytest.fixture
def crew(theirs: object) -> Iterator[InterpretersCrew]:
    crew = INTERPRETERS.crew()
    before = set(threading.enumerate())
    yield crew
    assert set(threading.enumerate()) == before
    crew.close()


@available
@pytest.mark.parametrize("mode", Mode)
def test_they_do_exactly_the_work(
    mode: Mode, crew: InterpretersCrew, make_order: Callable[..., Order]
) -> None:
    for sample in (1, 2):
        readings = crew.run(make_order(workers=2, mode=mode, calls=3))
        state = work.create(spin.kernel(), 8)
        work.run(state, 1 + sample * 3000)
        assert [reading.worker for reading in readings] == [0, 1]
        assert {(r.units, r.calls, r.checksum) for r in readings} == {
            (3000, 3, work.checksum(state))
        }


@available
def test_they_are_kept_and_made_when_more_are_needed(
    crew: InterpretersCrew, monkeypatch: pytest.MonkeyPatch, make_order: Callable[..., Order]
) -> None:
    made = []
    make = interpreters.make_interpreter
    monkeypatch.setattr(interpreters, "make_interpreter", lambda: made.append(1) or make())
    for workers in (1, 2, 1, 3, 2):
        assert len(crew.run(make_order(workers=workers, calls=1))) == workers
    assert len(made) == 3


@available
def test_they_find_the_users_module(
    crew: InterpretersCrew, make_order: Callable[..., Order]
) -> None:
    assert len(crew.run(make_order("theirs:works", 2, window_ns=2_000_000))) == 2
    # It was imported there, not here.
    assert "theirs" not in sys.modules


@available
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("raises", r"LookupError: not today \(theirs.py:9\)"),
        ("exits", r"SystemExit: enough \(theirs.py:12\)"),
    ],
)
def test_one_that_fails_says_how_and_works_on(
    name: str, reason: str, crew: InterpretersCrew, make_order: Callable[..., Order]
) -> None:
    with pytest.raises(WorkerFailedError, match=f"^worker 0: {reason}$") as caught:
        crew.run(make_order(f"theirs:{name}", 2, calls=1))
    assert type(caught.value) is WorkerFailedError
    assert len(crew.run(make_order("theirs:works", 2, calls=1))) == 2


@available
def test_a_module_that_refuses_them_is_told_apart(
    crew: InterpretersCrew, make_order: Callable[..., Order]
) -> None:
    message = "ImportError: module theirs does not support loading in subinterpreters"
    with pytest.raises(WorkerRefusedError, match=message):
        crew.run(make_order("theirs:refuses", 2, calls=1))
    assert len(crew.run(make_order("theirs:works", 2, calls=1))) == 2


@available
def test_one_that_cannot_even_start_to_work_says_why(
    crew: InterpretersCrew, monkeypatch: pytest.MonkeyPatch, make_order: Callable[..., Order]
) -> None:
    source = interpreters._SOURCE
    for broken, error, message in (
        ("raise LookupError('no')", WorkerFailedError, "^worker 0: .*LookupError.*no"),
        (
            "raise ImportError('x does not support loading in subinterpreters')",
            WorkerRefusedError,
            "x does not support loading in subinterpreters",
        ),
    ):
        monkeypatch.setattr(interpreters, "_SOURCE", broken)
        with pytest.raises(error, match=message) as caught:
            crew.run(make_order(workers=2, calls=1))
        assert "\n" not in str(caught.value)
    monkeypatch.setattr(interpreters, "_SOURCE", source)
    assert len(crew.run(make_order(workers=2, calls=1))) == 2


@available
@pytest.mark.skipif(sys.platform == "win32", reason="Windows counts handles, not descriptors")
def test_samples_leave_no_descriptors(
    crew: InterpretersCrew, monkeypatch: pytest.MonkeyPatch, make_order: Callable[..., Order]
) -> None:
    crew.run(make_order(workers=2, calls=1))
    before = psutil.Process().num_fds()
    for name in ("works", "raises", "refuses"):
        for _ in range(3):
            with suppress(WorkerFailedError):
                crew.run(make_order(f"theirs:{name}", 2, calls=1))
    monkeypatch.setattr(interpreters, "_SOURCE", "raise LookupError")
    with pytest.raises(WorkerFailedError):
        crew.run(make_order(workers=2, calls=1))
    assert psutil.Process().num_fds() == before


@available
def test_a_closed_crew_has_none_left(theirs: object, make_order: Callable[..., Order]) -> None:
    crew, closed = INTERPRETERS.crew(), []
    crew.run(make_order(workers=2, calls=1))
    kept = list(crew._interpreters)
    crew.close()
    crew.close()
    assert crew._interpreters == []
    for interpreter in kept:
        with pytest.raises(Exception, match=r"(?i)interpreter"):
            interpreter.execute("")
        closed.append(interpreter)
    assert len(closed) == 2
