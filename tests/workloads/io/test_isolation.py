from __future__ import annotations

import sys

import pytest

from gilbench.backends.interpreters import INTERPRETERS, make_interpreter
from gilbench.workloads.io.isolation import require_isolated

_ASKS = """
import sys
sys.path[:] = {path!r}
from gilbench.workloads.io.isolation import require_isolated
require_isolated({what!r}, {since})
"""


def test_the_main_interpreter_has_all() -> None:
    require_isolated("sqlite3")
    require_isolated("psycopg", (3, 14))


@pytest.mark.skipif(INTERPRETERS.unavailable() is not None, reason="no subinterpreters here")
@pytest.mark.parametrize(("what", "since"), [("sqlite3", (3, 13)), ("psycopg", (3, 14))])
def test_subinterpreters_are_refused_by_a_word_that_backends_know(
    what: str, since: tuple[int, int]
) -> None:
    interpreter = make_interpreter()
    problem = interpreter.execute(_ASKS.format(path=sys.path, what=what, since=since))
    interpreter.close()
    if sys.version_info >= since:
        assert problem is None
    else:
        assert problem is not None
        assert f"{what} in a subinterpreter needs Python 3.{since[1]} or later" in problem
