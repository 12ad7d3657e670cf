"""Programs run as users run them, with this very gilbench, in folders of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import gilbench

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def examples() -> Path:
    if not EXAMPLES.is_dir():
        pytest.skip("the tests are not beside the examples")
    return EXAMPLES


@pytest.fixture(scope="session")
def python() -> Run:
    """Run this interpreter in a folder, with more folders to find modules in."""

    def run(
        *arguments: object, folder: Path, site: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        package = Path(gilbench.__file__).resolve().parents[1]
        path = [str(each) for each in (site, package) if each is not None]
        return subprocess.run(
            [sys.executable, *map(str, arguments)],
            cwd=folder,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(path),
                "XDG_STATE_HOME": str(folder),
                "COLUMNS": "100",
                "NO_COLOR": "1",
            },
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )

    return run
