from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from gilbench import results
from gilbench.cli.check import check as check_command
from gilbench.errors import InputError
from gilbench.evidence import SizeFinding, Verdict
from terminals import Terminal

Says = Callable[..., SimpleNamespace]


@pytest.fixture
def loaded(
    stored_check: results.StoredCheck, monkeypatch: pytest.MonkeyPatch
) -> results.StoredCheck:
    """What every file holds."""
    monkeypatch.setattr(results, "load", lambda path: stored_check)
    return stored_check


def test_a_target_is_checked_with_the_defaults(
    check_study: Any, gilbench_says: Says, default_file: Path
) -> None:
    said = gilbench_says("check", "mypackage.fast:encode")
    assert said.status == 0
    assert check_study.asked == {
        "target": "mypackage.fast:encode",
        "setup": "",
        "sizes": None,
        "budget": "3s",
        "timeout": "60s",
        "output": default_file,
        "seed": None,
        "on_progress": None,
    }


def test_the_defaults_are_those_of_the_python_interface() -> None:
    study = pytest.importorskip("gilbench.studies.check.study")
    python = inspect.signature(study.check).parameters
    options = {option.name: option for option in check_command.params}
    for name in ("budget", "timeout"):
        assert python[name].default == options[name].default
    assert python["setup"].default == ""
    assert python["sizes"].default is None
    assert python["seed"].default is None
    assert {*python} - {"on_progress", "in_process"} <= {*options}


def test_passes_on_what_was_asked(check_study: Any, gilbench_says: Says, tmp_path: Path) -> None:
    output = tmp_path / "mine.jsonl"
    said = gilbench_says(
        *("check", "f(n)", "-s", "import zlib", "--setup", "f = zlib.compress"),
        *("--sizes", "64..1MiB", "--budget", "5", "--timeout", "2min", "--seed", "7"),
        *("--output", str(output)),
    )
    assert said.status == 0
    assert check_study.asked == {
        "target": "f(n)",
        "setup": "import zlib\nf = zlib.compress",
        "sizes": "64..1MiB",
        "budget": "5",
        "timeout": "2min",
        "output": output,
        "seed": 7,
        "on_progress": None,
    }


def test_reports_and_says_where_it_is_stored(
    check_study: Any, gilbench_says: Says, default_file: Path
) -> None:
    lines = gilbench_says("check", "zlib.compress(d)").out.splitlines()
    assert lines[0].startswith("CPython 3.11.7, GIL on")
    assert "releases: another thread can run for 97 % of the call" in lines
    assert any(f"python -m gilbench show {default_file}" in line for line in lines)
    assert lines[-2:] == ["It releases the GIL.", "Call it from threads."]


def test_quiet_leaves_the_verdict_and_the_advice(check_study: Any, gilbench_says: Says) -> None:
    assert gilbench_says("check", "pass", "--quiet").out.splitlines() == [
        "releases: another thread can run for 97 % of the call",
        "Call it from threads.",
    ]


@pytest.mark.parametrize("quiet", [[], ["--quiet"]])
def test_json_is_the_findings_and_nothing_else(
    quiet: list[str], check_study: Any, gilbench_says: Says
) -> None:
    said = gilbench_says("check", "pass", "--format", "json", *quiet)
    assert results.check_findings_from_json(said.out) == check_study.answer
    assert said.err == ""


@pytest.mark.parametrize(("quiet", "shows"), [([], True), (["--quiet"], False)])
def test_progress_goes_to_a_terminal_unless_quiet(
    quiet: list[str],
    shows: bool,
    check_study: Any,
    gilbench_says: Says,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", Terminal())
    gilbench_says("check", "pass", *quiet)
    assert ("round 3" in sys.stderr.getvalue()) is shows


def test_what_a_target_did_is_one_line(check_study: Any, gilbench_says: Says) -> None:
    check_study.error = InputError("the target raised ValueError: a\nb\x1b[2J")
    said = gilbench_says("check", "f()")
    assert (said.status, said.out) == (2, "")
    assert said.err == "gilbench: the target raised ValueError: a b?[2J\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Missing argument 'TARGET'."),
        (["pass", "--budget", "0"], "must be longer than zero"),
        (["pass", "--timeout", "soon"], "write it as 100us, 1ms"),
        (["pass", "--seed", "-1"], "is not in the range"),
        (["pass", "--format", "csv"], "is not one of 'text', 'json'"),
        (["pass", "more"], "unexpected extra argument (more)"),
    ],
)
def test_a_command_line_that_cannot_be_is_one_line(
    arguments: list[str], message: str, check_study: Any, gilbench_says: Says
) -> None:
    said = gilbench_says("check", *arguments)
    assert (said.status, said.out, said.err.count("\n")) == (2, "", 1)
    assert message in said.err
    assert not check_study.asked


@pytest.fixture(params=[["check", "pass"], ["show", "check.jsonl"]])
def command(request: pytest.FixtureRequest, loaded: object) -> list[str]:
    arguments: list[str] = request.param
    return arguments


def test_strict_makes_inconclusive_a_failure(
    command: list[str], check_study: Any, gilbench_says: Says
) -> None:
    doubtful = {"verdict": Verdict.INCONCLUSIVE, "reason": "the machine is too busy"}
    check_study.answer = replace(check_study.answer, **doubtful)
    assert gilbench_says(*command).status == 0
    said = gilbench_says(*command, "--strict")
    assert said.status == 1
    assert "inconclusive: the machine is too busy" in said.out
    assert said.err == "gilbench: inconclusive: the machine is too busy\n"


def test_strict_wants_a_verdict_at_every_size(
    command: list[str], check_study: Any, gilbench_says: Says
) -> None:
    sizes = [
        SizeFinding(
            size=size, verdict=verdict, reason=None, held_share=None, call_ns=1.0, threads=None
        )
        for size, verdict in ((64, Verdict.INCONCLUSIVE), (128, Verdict.HOLDS))
    ]
    check_study.answer = replace(check_study.answer, sizes=tuple(sizes))
    said = gilbench_says(*command, "--strict")
    assert said.status == 1
    assert said.err == "gilbench: 1 of 2 sizes are inconclusive: 64\n"


def test_strict_takes_every_verdict(
    command: list[str], check_study: Any, gilbench_says: Says
) -> None:
    said = gilbench_says(*command, "--strict")
    assert (said.status, said.err) == (0, "")


def test_show_computes_the_findings_of_a_check_again(
    check_study: Any, gilbench_says: Says, loaded: results.StoredCheck
) -> None:
    said = gilbench_says("show", "check.jsonl")
    assert said.status == 0
    assert check_study.shown is loaded
    assert "releases: another thread can run for 97 % of the call" in said.out
    assert "gilbench show" not in said.out


def test_show_writes_a_check_as_json(
    check_study: Any, gilbench_says: Says, loaded: results.StoredCheck
) -> None:
    said = gilbench_says("show", "check.jsonl", "--format", "json")
    assert results.check_findings_from_json(said.out) == check_study.answer


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--format", "csv"], "a.jsonl holds a check, which is shown as text or json, not as csv"),
        (["--format", "markdown"], "shown as text or json, not as markdown"),
        (["--against", "b.jsonl"], "a.jsonl holds a check: --against compares runs"),
    ],
)
def test_what_only_runs_have_is_one_line(
    options: list[str],
    message: str,
    check_study: Any,
    gilbench_says: Says,
    loaded: results.StoredCheck,
) -> None:
    said = gilbench_says("show", "a.jsonl", *options)
    assert (said.status, said.out, said.err.count("\n")) == (2, "", 1)
    assert message in said.err
