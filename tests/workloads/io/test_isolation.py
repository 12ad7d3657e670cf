from __future__ import annotations

import sys

import pytest

from gilbench.backends.interpreters import INTERPRETERS, make_interpreter
from gilbench.workloads.io.isolation import require_isolated

_ASKS = """
import sys
sys.path[:] = {path!r}
from gilbench.workloads.io.isolation import require_isolated
require_isolated("sqlite3")
"""


def test_the_main_interpreter_has_all() -> None:
    require_isolated("sqlite3")


@pytest.mark.skipif(INTERPRETERS.unavailable() is not None, reason="no subinterpreters here")
def test_subinterpreters_of_3_12_are_refused_by_a_word_that_backends_know() -> None:
    interpreter = make_interpreter()
    problem = interpreter.execute(_ASKS.format(path=sys.path))
    interpreter.close()
    if sys.version_info >= (3, 13):
        assert problem is None
    else:
        assert problem is not None
        assert "sqlite3 in a subinterpreter needs Python 3.13 or later" in problem
