"""Where the repository is, and the tools that its gate installs beside those of the tests."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="session")
def root() -> Path:
    root = Path(__file__).resolve().parents[2]
    if not (root / "pyproject.toml").is_file():
        pytest.skip("the tests are not in a checkout or an sdist")
    return root


@pytest.fixture(scope="session")
def checkout(root: Path) -> Path:
    """The root of a checkout; an unpacked sdist, which leaves some files out, has this file."""
    if (root / "PKG-INFO").is_file():
        pytest.skip("the sdist leaves it out")
    return root


@pytest.fixture(scope="session")
def tool() -> Callable[..., SimpleNamespace]:
    """Run a module of the dependency group `ci`: its exit status and all that it said."""

    def run(module: str, *arguments: str) -> SimpleNamespace:
        if find_spec(module) is None:
            pytest.skip(f"{module} is not installed: pip install --group ci")
        ended = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            text=True,
            timeout=300,
        )
        return SimpleNamespace(status=ended.returncode, said=ended.stdout)

    return run
