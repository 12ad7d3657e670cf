from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from gilbench import results
from gilbench.cli.run import run as run_command
from terminals import Terminal

if TYPE_CHECKING:
    from pathlib import Path

Says = Callable[..., SimpleNamespace]


def test_without_a_command_it_runs_with_the_defaults(
    study: Any, gilbench_says: Says, default_file: Path
) -> None:
    said = gilbench_says()
    assert said.status == 0
    assert study.asked == {
        "workloads": ("spin", "triad"),
        "backends": None,
        "modes": None,
        "workers": None,
        "grain": None,
        "budget": "16s",
        "precision": 0.03,
        "seed": None,
        "pin": False,
        "output": default_file,
        "against": None,
        "on_progress": None,
    }


def test_the_defaults_are_those_of_the_python_interface() -> None:
    from gilbench.studies import scaling

    python = inspect.signature(scaling.run).parameters
    options = {option.name: option for option in run_command.params}
    assert python["budget"].default == options["budget"].default
    assert python["precision"].default == float(str(options["precision"].default)) / 100
    for name in ("backends", "modes", "workers", "grain", "seed"):
        assert python[name].default is None
    names = [*python][1:]
    assert {*names} - {"on_progress"} <= {*options}


def test_passes_on_what_was_asked(study: Any, gilbench_says: Says, tmp_path: Path) -> None:
    output = tmp_path / "mine.jsonl"
    said = gilbench_says(
        *("run", "mix:share=0.5,grain=1ms", "mine:function"),
        *("--backends", "threads, fork", "--modes", "hold", "--workers", "1,2,4"),
        *("--grain", "100us", "--budget", "5", "--precision", "2.5%", "--seed", "7"),
        "--pin",
        *("--output", str(output)),
    )
    assert said.status == 0
    assert study.asked == {
        "workloads": ("mix:share=0.5,grain=1ms", "mine:function"),
        "backends": ("threads", "fork"),
        "modes": ("hold",),
        "workers": (1, 2, 4),
        "grain": "100us",
        "budget": "5",
        "precision": 0.025,
        "seed": 7,
        "pin": True,
        "output": output,
        "against": None,
        "on_progress": None,
    }


def test_reports_and_says_where_it_is_stored(
    study: Any, gilbench_says: Says, default_file: Path
) -> None:
    lines = gilbench_says("run").out.splitlines()
    assert lines[0].startswith("CPython 3.11.7, GIL on")
    assert any("GIL wait 47 %" in line for line in lines)
    assert f"python -m gilbench show {default_file}" in lines
    assert lines[-1] == study.answer.headline


def test_quiet_leaves_the_table_and_the_answer(study: Any, gilbench_says: Says) -> None:
    lines = gilbench_says("run", "--quiet").out.splitlines()
    assert lines[0].startswith("Speedup of 2 workers")
    assert lines[-1] == study.answer.headline
    assert not any("CPython" in line or "GIL wait" in line for line in lines)


@pytest.mark.parametrize("quiet", [[], ["--quiet"]])
def test_json_is_the_findings_and_nothing_else(
    quiet: list[str], study: Any, gilbench_says: Says
) -> None:
    said = gilbench_says("run", "--format", "json", *quiet)
    assert results.findings_from_json(said.out) == study.answer
    assert json.loads(said.out)["headline"] == study.answer.headline
    assert said.err == ""


@pytest.mark.parametrize(("quiet", "shows"), [([], True), (["--quiet"], False)])
def test_progress_goes_to_a_terminal_unless_quiet(
    quiet: list[str],
    shows: bool,
    study: Any,
    gilbench_says: Says,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", Terminal())
    said = gilbench_says("run", "--format", "json", *quiet)
    assert ("round 6" in sys.stderr.getvalue()) is shows
    assert said.out.startswith("{")


@pytest.mark.parametrize(
    ("option", "value", "right"),
    [
        ("--workers", "0", "whole numbers from 1 on, such as 1,2,4"),
        ("--workers", "2,-1", "whole numbers from 1 on"),
        ("--workers", "two", "whole numbers from 1 on"),
        ("--workers", "", "whole numbers from 1 on"),
        ("--backends", "threads,,fork", "write one name, or several with commas"),
        ("--modes", "", "write one name"),
        ("--grain", "1 hour", "write it as 100us, 1ms"),
        ("--budget", "-1s", "must be longer than zero"),
        ("--precision", "0", "a percentage above 0 and below 100"),
        ("--precision", "100%", "a percentage above 0 and below 100"),
        ("--precision", "nan", "a percentage above 0 and below 100"),
        ("--precision", "fine", "a percentage above 0 and below 100"),
        ("--seed", "-1", "is not in the range"),
        ("--seed", "1e3", "is not a valid integer"),
        ("--format", "xml", "is not one of 'text', 'json', 'csv', 'markdown'"),
    ],
)
def test_a_bad_value_is_one_line_that_names_the_option(
    option: str, value: str, right: str, study: Any, gilbench_says: Says
) -> None:
    said = gilbench_says("run", option, value)
    assert said.status == 2
    assert said.err.startswith(f"gilbench: Invalid value for '{option}': ")
    assert right in said.err
    assert said.err.count("\n") == 1
    assert not study.asked
