"""The native readings of systems that tell less, by the same headers, compiled as if for them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).resolve().parent
HEADERS = HERE.parents[1] / "ext"
COMPILER = shutil.which("c++")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(COMPILER is None, reason="no C++ compiler here"),
    pytest.mark.skipif(not HEADERS.is_dir(), reason="the tests are not beside the sources"),
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells all that is taken away"),
]


@pytest.fixture
def readings(tmp_path: Path) -> Callable[..., list[list[str]]]:
    """Compile the program with these options, and run it: what it prints, in words."""

    def run(*options: str) -> list[list[str]]:
        program = tmp_path / "readings"
        command = [str(COMPILER), "-std=c++17", "-O1", "-pthread", "-I", HEADERS, *options]
        subprocess.run([*command, "-o", program, HERE / "readings.cpp"], check=True, timeout=120)
        told = subprocess.run([program], capture_output=True, check=True, text=True, timeout=60)
        return [line.split() for line in told.stdout.splitlines()]

    return run


def test_linux_tells_all(readings: Callable[..., list[list[str]]]) -> None:
    outcome, *workers, meter = readings()
    assert outcome == ["outcome", "0"]
    assert len(workers) == 2
    for _, worked, cpu_ns, _ in workers:
        assert worked == "1"
        assert int(cpu_ns) > 0
    assert int(meter[1]) >= 0


def test_posix_alone_does_not_tell_the_run_queue(
    readings: Callable[..., list[list[str]]],
) -> None:
    outcome, *workers, meter = readings("-U__linux__")
    assert outcome == ["outcome", "0"]
    for _, worked, cpu_ns, queue_ns in workers:
        assert (worked, queue_ns) == ("1", "-1")
        assert int(cpu_ns) > 0
    assert int(meter[1]) >= 0
    assert meter[2] == "-1"


def test_without_a_threads_cpu_time_waits_are_bounds(
    readings: Callable[..., list[list[str]]],
) -> None:
    outcome, *workers, meter = readings("-U__linux__", "-DWITHOUT_CPU_TIME")
    assert outcome == ["outcome", "0"]
    assert workers == [["worker", "1", "-1", "-1"]] * 2
    assert meter == ["meter", "-1", "-1", "1"]
