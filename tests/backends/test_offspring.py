"""In processes of their own: what is kept from the forked is kept for good."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import gilbench

SCRIPT = """
import os
from gilbench.backends.offspring import keep_from_offspring

reading, writing = os.pipe()
keep_from_offspring([writing])
child = os.fork()
if child == 0:
    os.write(writing, b"I speak for my parent")
    os.read(0, 1)
    os._exit(0)
os.write(writing, b"parent")
os.close(writing)
# The end comes although the child lives.
print(os.read(reading, 100), os.read(reading, 100))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_the_forked_neither_speak_for_us_nor_hold_our_end_open() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env={**os.environ, "PYTHONPATH": str(Path(gilbench.__file__).parents[1])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=30,
    )
    assert ran.stdout == "b'parent' b''\n"
