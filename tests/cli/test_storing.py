from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from gilbench import results
from gilbench.errors import HostError, InputError

Says = Callable[..., SimpleNamespace]


@pytest.fixture(params=["run", "check"])
def measuring(request: pytest.FixtureRequest, study: Any, check_study: Any) -> SimpleNamespace:
    """A command that stores what it measures, and the study behind it."""
    if request.param == "run":
        return SimpleNamespace(command=["run"], study=study)
    return SimpleNamespace(command=["check", "pass"], study=check_study)


@pytest.mark.parametrize(
    ("error", "status"), [(InputError("unknown 'spni'"), 2), (HostError("no host"), 1)]
)
def test_an_error_is_one_line_and_leaves_no_empty_file(
    error: Exception, status: int, measuring: Any, gilbench_says: Says, default_file: Path
) -> None:
    measuring.study.writes, measuring.study.error = "", error
    said = gilbench_says(*measuring.command)
    assert (said.status, said.out, said.err) == (status, "", f"gilbench: {error}\n")
    assert not default_file.exists()


def test_a_file_that_the_user_named_stays_even_if_empty(
    measuring: Any, gilbench_says: Says, tmp_path: Path
) -> None:
    measuring.study.writes, measuring.study.error = "", InputError("no")
    named = tmp_path / "named.jsonl"
    named.touch()
    gilbench_says(*measuring.command, "--output", str(named))
    assert named.exists()


def test_interrupted_it_says_where_the_results_are(
    measuring: Any, gilbench_says: Says, tmp_path: Path
) -> None:
    measuring.study.error = KeyboardInterrupt()
    output = tmp_path / "a file.jsonl"
    said = gilbench_says(*measuring.command, "--output", str(output))
    assert said.status == 130
    assert said.out == ""
    (line,) = said.err.splitlines()
    assert line.startswith("gilbench: interrupted; what was measured so far: python -m gilbench")
    assert str(output) in line
    assert line[-1] in "'\""


def test_interrupted_before_anything_was_stored_it_says_so(
    measuring: Any, gilbench_says: Says, default_file: Path
) -> None:
    measuring.study.writes, measuring.study.error = "", KeyboardInterrupt()
    said = gilbench_says(*measuring.command)
    assert (said.status, said.err) == (130, "gilbench: interrupted; nothing was measured yet\n")
    assert not default_file.exists()


def test_a_fallback_folder_is_told(
    measuring: Any, gilbench_says: Says, default_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = results.Place(path=default_file, note="/home cannot be written: results go to /tmp")
    monkeypatch.setattr(results, "default_place", lambda now: place)
    said = gilbench_says(*measuring.command, "--format", "json")
    assert said.err == "gilbench: /home cannot be written: results go to /tmp\n"
    assert said.out.startswith("{")
