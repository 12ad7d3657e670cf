from __future__ import annotations

import subprocess

import pytest

from gilbench.machine.sysctl import sysctl


@pytest.mark.parametrize(("printed", "expected"), [("Apple M3\n", "Apple M3"), ("", None)])
def test_value_or_nothing(monkeypatch, printed, expected):
    asked = []

    def run(command, **_):
        asked.append(command)
        return subprocess.CompletedProcess(command, 0 if printed else 1, stdout=printed)

    monkeypatch.setattr(subprocess, "run", run)
    assert sysctl("machdep.cpu.brand_string") == expected
    assert asked == [["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"]]
