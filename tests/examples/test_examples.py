"""The scripts in `examples/`, each with a small budget. Nothing asserts how fast anything is."""

from __future__ import annotations

import csv
import importlib.util
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def curve(
    examples: Path, python: Run, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, str]:
    """The folder that `scaling_curve.py` wrote to, and what it said."""
    folder = tmp_path_factory.mktemp("curve")
    done = python(
        *(examples / "scaling_curve.py", "spin", "--workers", "1,2", "--backends", "threads"),
        *("--budget", "1s", "--folder", "curves"),
        folder=folder,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return folder / "curves", done.stdout


def test_a_curve_is_stored_and_written_as_csv(curve: tuple[Path, str]) -> None:
    folder, said = curve
    assert (folder / "curve.jsonl").stat().st_size
    with (folder / "curve.csv").open(newline="", encoding="utf-8") as file:
        cases = list(csv.DictReader(file))
    assert {(case["backend"], case["workers"]) for case in cases} >= {
        ("threads", "1"),
        ("threads", "2"),
        ("native", "2"),
    }
    assert any(int(case["samples"]) for case in cases)
    assert said.startswith(f"{len(cases)} cases: ")


def test_it_is_drawn_where_that_can_be(curve: tuple[Path, str]) -> None:
    folder, said = curve
    if importlib.util.find_spec("matplotlib"):
        assert (folder / "curve.png").stat().st_size
        assert "\ndrawn: " in said
    else:
        assert "\nnothing is drawn: matplotlib is not installed\n" in said


def test_two_stored_runs_are_compared(
    curve: tuple[Path, str], examples: Path, python: Run, tmp_path: Path
) -> None:
    stored = curve[0] / "curve.jsonl"
    done = python(examples / "two_builds.py", stored, stored, folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    first, *lines = done.stdout.splitlines()
    assert first.startswith("The throughput of 3.")
    assert [line.partition("  ")[0] for line in lines if "threads" in line] == [
        "spin, 1 threads, hold",
        "spin, 2 threads, hold",
        "spin, 1 threads, release",
        "spin, 2 threads, release",
    ]
    assert all("no difference shown" in line or "not known: " in line for line in lines)


def test_a_file_that_cannot_be_compared_is_one_line(
    examples: Path, python: Run, tmp_path: Path
) -> None:
    done = python(examples / "two_builds.py", "nowhere", "nowhere", folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("two_builds: there is no file")


def test_functions_of_ones_own_are_measured(examples: Path, python: Run, tmp_path: Path) -> None:
    done = python(examples / "custom_kernel.py", "--budget", "1s", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    for name in ("small_blocks", "large_block"):
        assert f"custom_kernel:{name}: speedup " in done.stdout
    assert "failed: " not in done.stdout
