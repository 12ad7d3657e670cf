from __future__ import annotations

import pytest

from gilbench.backends import interpreters
from gilbench.backends.backend import WorkerFailedError
from gilbench.backends.deadline import Deadline
from gilbench.backends.interpreters import InterpretersCrew


def test_until_then_it_says_how_long() -> None:
    deadline = Deadline(1000.0)
    assert 999 < deadline.left() <= 1000
    deadline.check()


def test_then_it_says_that_it_is_over() -> None:
    deadline = Deadline(0.0)
    assert deadline.left() == 0
    with pytest.raises(TimeoutError, match="^they were not ready within 0 s$"):
        deadline.check()


def test_interpreters_that_take_too_long_fail_the_sample(
    monkeypatch: pytest.MonkeyPatch, make_order
) -> None:
    class Interpreter:
        def close(self) -> None:
            closed.append(self)

    closed: list[Interpreter] = []
    monkeypatch.setattr(interpreters, "make_interpreter", Interpreter)
    monkeypatch.setattr(interpreters, "SECONDS_TO_START", 0.0)
    crew = InterpretersCrew()
    told = "^1 of 3 interpreters were made: they were not ready within 0 s$"
    with pytest.raises(WorkerFailedError, match=told):
        crew.run(make_order(workers=3))
    crew.close()
    assert len(closed) == 1
