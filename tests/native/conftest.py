"""Gates of one's own, meters that have passed them, and scripts for interpreters of their own."""

from __future__ import annotations

import mmap
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import gilbench
from gilbench._native import gate, meter

if TYPE_CHECKING:
    from collections.abc import Callable

    from gilbench._native.gate import GateCapsule
    from gilbench._native.meter import MeterCapsule

MS = 1_000_000
PATIENCE_NS = 30_000 * MS


@pytest.fixture
def make_gate() -> Callable[..., GateCapsule]:
    def make(workers: int = 1, cores: int = 2) -> GateCapsule:
        entrance = gate.on(mmap.mmap(-1, mmap.PAGESIZE))
        gate.reset(entrance, workers, cores)
        return entrance

    return make


@pytest.fixture
def make_meter(make_gate: Callable[..., GateCapsule]) -> Callable[..., MeterCapsule]:
    """A meter that has just passed a gate: with a window, or (0) for fixed work."""

    def make(window_ns: int = 0, grain_ns: int = MS, entrance: object = None) -> MeterCapsule:
        readings = meter.create(entrance or make_gate(), window_ns, grain_ns)
        meter.start(readings, PATIENCE_NS)
        return readings

    return make


@pytest.fixture
def start_python() -> Callable[..., subprocess.Popen[str]]:
    """Start a script that can import gilbench; its input and output are pipes."""

    def start(script: str, *arguments: str, **options: object) -> subprocess.Popen[str]:
        root = str(Path(gilbench.__file__).parents[1])
        path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        return subprocess.Popen(
            [sys.executable, "-W", "error", "-c", textwrap.dedent(script), *arguments],
            env={**os.environ, "PYTHONPATH": path},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            **options,
        )

    return start


@pytest.fixture
def run_python(start_python: Callable[..., subprocess.Popen[str]]) -> Callable[..., str]:
    """Return what a script prints. It must end with status 0."""

    def run(script: str, *arguments: str) -> str:
        with start_python(script, *arguments) as process:
            try:
                output, _ = process.communicate(timeout=60)
            finally:
                process.kill()
        assert process.returncode == 0
        return output

    return run
