"""Which wheels cibuildwheel would build, and how it tries each."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from types import SimpleNamespace

PYTHONS: Final = ("cp311", "cp312", "cp313", "cp314", "cp314t", "cp315", "cp315t")

# What each runner of wheels.yml is: cibuildwheel's platform, its architecture, and their tags.
RUNNERS: Final[Mapping[str, tuple[str, str, tuple[str, ...]]]] = {
    "ubuntu-24.04": ("linux", "x86_64", ("manylinux_x86_64", "musllinux_x86_64")),
    "ubuntu-24.04-arm": ("linux", "aarch64", ("manylinux_aarch64", "musllinux_aarch64")),
    "macos-15": ("macos", "arm64", ("macosx_arm64",)),
    "macos-15-intel": ("macos", "x86_64", ("macosx_x86_64",)),
    "windows-2025": ("windows", "AMD64", ("win_amd64",)),
    "windows-11-arm": ("windows", "ARM64", ("win_arm64",)),
}


@pytest.fixture(scope="module")
def configuration(root: Path) -> dict[str, Any]:
    read = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    found: dict[str, Any] = read["tool"]["cibuildwheel"]
    return found


def test_wheels_are_built_on_every_runner(root: Path) -> None:
    told = (root / "wheels.yml").read_text(encoding="utf-8")
    assert re.findall(r"^ {10}- (\S+) # ", told, re.M) == list(RUNNERS)


@pytest.mark.parametrize("runner", RUNNERS)
def test_a_runner_builds_for_every_python(
    runner: str, root: Path, tool: Callable[..., SimpleNamespace]
) -> None:
    platform, architecture, tags = RUNNERS[runner]
    listed = tool(
        "cibuildwheel",
        *("--platform", platform, "--archs", architecture),
        *("--print-build-identifiers", str(root)),
    )
    assert listed.status == 0, listed.said
    assert set(listed.said.split()) == {f"{python}-{tag}" for python in PYTHONS for tag in tags}


def test_a_runner_builds_for_itself_only(configuration: dict[str, Any]) -> None:
    # Then it can also run what it built.
    assert configuration["archs"] == ["auto64"]


def test_every_wheel_is_tried_where_it_is_installed(configuration: dict[str, Any]) -> None:
    assert configuration["test-command"] == [
        "python -I -m gilbench run spin --budget 3s",
        'python -m pytest -m "not slow" {project}/tests',
    ]
    assert configuration["test-groups"] == ["test"]
    assert not any("skip" in option for option in configuration)
