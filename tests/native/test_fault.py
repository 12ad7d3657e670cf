from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from gilbench.backends.interpreters import INTERPRETERS

# A signal that is sent is nothing to a process that ignores it; a fault ends it for all that.
DEAF = """
import signal, sys
from gilbench.trials.crash.quiet import be_quiet
be_quiet()
if sys.platform != "win32":
    signal.signal(signal.SIGSEGV, signal.SIG_IGN)
    signal.raise_signal(signal.SIGSEGV)
print("so far", flush=True)
"""
READ = "from gilbench._native import fault; fault.null_read()"
READ_IN_AN_INTERPRETER = f"""
from gilbench.backends.interpreters import make_interpreter
print(make_interpreter().execute(f"import sys; sys.path[:] = {{sys.path!r}}; {READ}"))
"""


@pytest.mark.parametrize(
    "script",
    [
        READ,
        pytest.param(
            READ_IN_AN_INTERPRETER,
            marks=pytest.mark.skipif(
                INTERPRETERS.unavailable() is not None, reason="there are no subinterpreters"
            ),
        ),
    ],
)
def test_a_null_pointer_read_is_a_real_one(script: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", DEAF + script],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    fault = 0xC0000005 if sys.platform == "win32" else -signal.SIGSEGV
    assert (ended.stdout, ended.returncode) == ("so far\n", fault)
