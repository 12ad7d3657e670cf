"""pytest inside pytest, with the plugin and a check that measures nothing."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import environments

# What a run in this process imports is forgotten after it, but by the packages that it is in.
from gilbench.pytest_plugin import fixture, turns  # noqa: F401
from scripts import load_script

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

SUBJECTS = "\n".join(
    f"def {name}():\n    pass\n"
    for name in (
        *("holds", "switchable", "partial", "releases", "serial"),
        *("straddling", "inconclusive", "reenabling", "missing", "slow"),
    )
)
OURS = ("-p", "gilbench.pytest_plugin", "-p", "no:cacheprovider")
STRICT = ("--strict-markers", "--strict-config", "-W", "error")
INSTALL = "import fake_study\nfake_study.install()\n"
FAKE = Path(__file__).with_name("fake_study.py")


@pytest.fixture(scope="session")
def fake() -> ModuleType:
    """Return the module of the fake study, with its findings of each kind."""
    return load_script(FAKE)


@pytest.fixture
def run(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., pytest.RunResult]:
    """Run pytest on the text of a test module, as strictly as can be, with our plugin alone."""
    for name in [name for name in os.environ if name.startswith("PYTEST_XDIST_")]:
        monkeypatch.delenv(name)
    # Where ours is installed, pytest would refuse to have it under a second name.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile(
        fake_study=FAKE.read_text(encoding="utf-8"),
        environments=Path(environments.__file__).read_text(encoding="utf-8"),
        subject=SUBJECTS,
    )
    pytester.makeconftest(f"import sys\nsys.path.insert(0, {str(pytester.path)!r})\n" + INSTALL)

    def go(text: str, *arguments: str, apart: bool = False) -> pytest.RunResult:
        pytester.makepyfile(text)
        start = pytester.runpytest_subprocess if apart else pytester.runpytest_inprocess
        return start(*OURS, *STRICT, *arguments)

    return go


@pytest.fixture
def asked(pytester: pytest.Pytester) -> Callable[[], list[dict[str, Any]]]:
    """Return what the fake study was asked, in turn."""
    return lambda: [
        json.loads(line) for line in (pytester.path / "asked.jsonl").read_text().splitlines()
    ]
