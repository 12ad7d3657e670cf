"""The example of a plugin, installed, and used through the command line as any plugin would be."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


def can_build() -> bool:
    """Whether pip could build the plugin without fetching anything."""
    try:
        return bool(version("pip")) and int(version("setuptools").partition(".")[0]) >= 77
    except PackageNotFoundError:
        return False


@pytest.fixture(scope="module")
def site(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the plugin as an installer leaves it: interpreters without pip have it too."""
    folder = tmp_path_factory.mktemp("site")
    project = tomllib.loads((examples / "plugin/pyproject.toml").read_text(encoding="utf-8"))
    (package,) = project["tool"]["setuptools"]["packages"]
    shutil.copytree(examples / "plugin" / package, folder / package)
    about = project["project"]
    information = folder / f"{about['name'].replace('-', '_')}-{about['version']}.dist-info"
    information.mkdir()
    (information / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {about['name']}\nVersion: {about['version']}\n"
    )
    lines: list[str] = []
    for group, entries in about["entry-points"].items():
        lines += [f"[{group}]", *(f"{name} = {place}" for name, place in entries.items())]
    (information / "entry_points.txt").write_text("\n".join(lines) + "\n")
    return folder


@pytest.fixture(scope="module")
def whole_run(
    site: Path, python: Run, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, Any]]:
    """A folder with a stored run, and the JSON that the run printed."""
    folder = tmp_path_factory.mktemp("run")
    done = python(
        *("-m", "gilbench", "run", "sieve:limit=200"),
        *("--backends", "threads,pool,processes,spawn,interpreters", "--workers", "2"),
        *("--budget", "3s", "--precision", "50", "--format", "json", "--output", "run.jsonl"),
        folder=folder,
        site=site,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return folder, json.loads(done.stdout)


def test_all_ways_of_running_find_the_workload(whole_run: tuple[Path, dict[str, Any]]) -> None:
    _, findings = whole_run
    assert {case["workload"] for case in findings["cases"]} == {"sieve:limit=200"}
    measured = {case["backend"] for case in findings["cases"] if case["samples"]}
    own_gil = {"interpreters"} if sys.version_info >= (3, 12) else set()
    assert measured == {"serial", "threads", "pool", "processes", "spawn", *own_gil}
    assert not [case["reason"] for case in findings["cases"] if case["status"] == "failed"]
    assert findings["environment"]["packages"]["gilbench-example"] == "1.0"


def test_samples_tell_that_the_pool_shares_a_gil(whole_run: tuple[Path, dict[str, Any]]) -> None:
    folder, _ = whole_run
    lines = (folder / "run.jsonl").read_text(encoding="utf-8").splitlines()
    samples = [json.loads(line) for line in lines if '"sample"' in line]
    told = {sample["case"]["backend"]: sample["shares_the_gil"] for sample in samples}
    assert {backend for backend, shares in told.items() if shares} == {"threads", "pool"}


@pytest.mark.parametrize("form", ["text", "csv", "markdown"])
def test_a_stored_run_needs_no_plugin_to_be_shown(
    form: str, whole_run: tuple[Path, dict[str, Any]], python: Run
) -> None:
    folder, findings = whole_run
    shown = python("-m", "gilbench", "show", "run.jsonl", "--format", form, folder=folder)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "sieve:limit=200" in shown.stdout
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(shown.stdout, newline="")))
        assert [row["backend"] for row in rows] == [case["backend"] for case in findings["cases"]]
    else:
        header = next(line for line in shown.stdout.splitlines() if "ceiling" in line.split()[-2:])
        assert "pool" in header.replace("|", " ").split()


def test_they_are_listed_with_their_distribution(site: Path, python: Run, tmp_path: Path) -> None:
    listed = python("-m", "gilbench", "list", folder=tmp_path, site=site)
    assert (listed.returncode, listed.stderr) == (0, "")
    words = " ".join(listed.stdout.split())
    assert words.count("gilbench-example 1.0)") == 2
    assert "limit=NUMBER" in words


def test_bad_parameters_are_one_line(site: Path, python: Run, tmp_path: Path) -> None:
    asked = python("-m", "gilbench", "run", "sieve:limit=1", folder=tmp_path, site=site)
    assert (asked.returncode, asked.stdout) == (2, "")
    assert asked.stderr == ("gilbench: sieve:limit is a whole number from 2 to 1000000, not '1'\n")


BROKEN = {
    "sieve.py": (
        "import nowhere",
        ["run", "sieve"],
        "gilbench: 'sieve' of gilbench-example 1.0 cannot be loaded: ModuleNotFoundError: No"
        " module named 'nowhere'\n",
    ),
    "pool.py": (
        "POOL = 7",
        ["run", "spin", "--backends", "pool"],
        "gilbench: 'pool' of gilbench-example 1.0 is no backend: int lacks name, summary,"
        " shares_the_gil, unavailable, crew\n",
    ),
}


@pytest.mark.parametrize("file", BROKEN)
def test_one_that_is_broken_is_one_line_and_listed_so(
    file: str, site: Path, python: Run, tmp_path: Path
) -> None:
    text, asked, said = BROKEN[file]
    broken = tmp_path / "site"
    shutil.copytree(site, broken)
    (broken / "gilbench_example" / file).write_text(text)
    done = python("-m", "gilbench", *asked, folder=tmp_path, site=broken)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", said)
    listed = python("-m", "gilbench", "list", folder=tmp_path, site=broken)
    assert listed.returncode == 0
    reason = said.removeprefix("gilbench: ").split()[-3:]
    assert f"unavailable: '{file.removesuffix('.py')}' of" in " ".join(listed.stdout.split())
    assert reason[-1] in listed.stdout


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.skipif(not can_build(), reason="pip, or setuptools 77 or newer, is not here")
def test_pip_installs_it(examples: Path, python: Run, tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    shutil.copytree(examples / "plugin", sources)  # a build leaves files beside them
    installed = tmp_path / "installed"
    done = python(
        *("-m", "pip", "install", "--no-build-isolation", "--no-deps", "--no-index", "--quiet"),
        *("--disable-pip-version-check", "--target", installed, sources),
        folder=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    run = python(
        *("-m", "gilbench", "run", "sieve:limit=200", "--backends", "pool", "--workers", "2"),
        *("--budget", "4s", "--precision", "50", "--format", "json"),
        folder=tmp_path,
        site=installed,
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert [c for c in json.loads(run.stdout)["cases"] if c["backend"] == "pool" and c["samples"]]
