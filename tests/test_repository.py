"""The files around the package: that they are there, and that they agree with each other."""

from __future__ import annotations

import ast
import os
import re
import sys
from pathlib import Path
from typing import Final

import pytest

import gilbench

ROOT: Final = Path(__file__).resolve().parents[1]

# An unpacked sdist has this file; a checkout does not.
IN_SDIST: Final = (ROOT / "PKG-INFO").is_file()

SHIPPED: Final = (
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "MANIFEST.in",
    "README.md",
    "benchmarks",
    "examples",
    "ext",
    "pyproject.toml",
    "setup.py",
    "src/gilbench/py.typed",
    "tests",
    "wheels.yml",
)
NOT_SHIPPED: Final = (
    ".ci/compile_headers.py",
    ".ci/run",
    ".github/workflows/ci.yml",
    ".github/workflows/wheels.yml",
)

COMMANDS: Final = {"run": ".venv/bin/python -m gilbench", "test": ".venv/bin/python -m pytest"}

if not (ROOT / "pyproject.toml").is_file():
    pytest.skip("the tests are not in a checkout or an sdist", allow_module_level=True)

only_in_a_checkout = pytest.mark.skipif(IN_SDIST, reason="the sdist leaves it out")


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def code_below(mark: str) -> str:
    """Return what README's code block below the HTML comment `mark` holds."""
    found = re.search(rf"^<!-- {mark} -->\n```\w*\n(.*?)^```$", read("README.md"), re.M | re.S)
    assert found, f"README.md has no code block below <!-- {mark} -->"
    return found[1]


@pytest.mark.parametrize("path", SHIPPED)
def test_it_is_there(path: str) -> None:
    assert (ROOT / path).exists()


@only_in_a_checkout
@pytest.mark.parametrize("path", NOT_SHIPPED)
def test_it_is_in_the_checkout(path: str) -> None:
    assert (ROOT / path).exists()


@only_in_a_checkout
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no run bit")
def test_the_gate_can_be_run() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_every_extension_has_its_stub() -> None:
    extensions = {path.stem for path in (ROOT / "ext").glob("*.pyx")}
    stubs = {path.stem for path in (ROOT / "src" / "gilbench" / "_native").glob("*.pyi")}
    assert extensions
    assert extensions == stubs - {"__init__"}


def test_the_changelog_speaks_of_this_version() -> None:
    version = re.search(r'__version__ = "(.+)"', read("src/gilbench/_version.py"))
    assert version
    assert re.search(rf"(?<![\d.]){re.escape(version[1])}(?!\.?\d)", read("CHANGELOG.md"))


@pytest.mark.parametrize("name", COMMANDS)
def test_the_readme_has_the_command_in_one_line(name: str) -> None:
    lines = code_below(f"command: {name}").splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("python3 -m venv .venv && ")
    assert lines[0].endswith(f" && {COMMANDS[name]}")


def test_the_readme_shows_a_real_output() -> None:
    assert "GIL" in code_below("output: a default run")


def test_the_readme_uses_names_that_exist() -> None:
    blocks = re.findall(r"^```python\n(.*?)^```$", read("README.md"), re.M | re.S)
    names = {
        node.attr
        for block in blocks
        for node in ast.walk(ast.parse(block))
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "gilbench"
    }
    assert names
    assert names <= set(gilbench.__all__)
