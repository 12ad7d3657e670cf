from __future__ import annotations

import subprocess
import sys

import pytest

from gilbench.machine import children
from gilbench.machine.children import children_cpu_ns


@pytest.mark.skipif(sys.platform == "win32", reason="it does not tell")
def test_children_count_once_they_were_waited_for():
    before_ns = children_cpu_ns()
    code = "import time\nwhile time.process_time() < 0.05: pass"
    with subprocess.Popen([sys.executable, "-I", "-S", "-c", code]) as process:
        assert children_cpu_ns() == before_ns
        process.wait()
    assert 50e6 <= children_cpu_ns() - before_ns < 10e9


def test_a_platform_that_does_not_tell_gives_none(monkeypatch):
    monkeypatch.setattr(children, "resource", None)
    assert children_cpu_ns() == 0
