from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import gilbench
from comparisons import full_row, make_findings, make_row
from gilbench import results
from gilbench.cli.facts import facts as facts_command
from gilbench.comparison import ROW_NAMES, Outcome
from gilbench.errors import HostError, InputError
from terminals import Terminal

Says = Callable[..., SimpleNamespace]


@pytest.fixture
def loaded(
    stored_facts: results.StoredFacts, monkeypatch: pytest.MonkeyPatch
) -> results.StoredFacts:
    """What every file holds."""
    monkeypatch.setattr(results, "load", lambda path: stored_facts)
    return stored_facts


def test_all_rows_are_asked_for_with_the_defaults(
    facts_study: Any, gilbench_says: Says, default_file: Path
) -> None:
    said = gilbench_says("facts")
    assert said.status == 0
    assert facts_study.asked == {
        "rows": (),
        "quick": False,
        "workers": None,
        "imports": (),
        "dsn": None,
        "output": default_file,
        "seed": None,
        "on_progress": None,
    }


def test_the_options_are_those_of_the_python_interface() -> None:
    python = inspect.signature(gilbench.facts).parameters
    options = {option.name for option in facts_command.params}
    assert {*python} - {"on_progress"} == options - {"form", "strict", "quiet"}


def test_passes_on_what_was_asked(facts_study: Any, gilbench_says: Says, tmp_path: Path) -> None:
    output = tmp_path / "mine.jsonl"
    said = gilbench_says(
        *("facts", "memory", "io-bound", "--quick", "--workers", "4", "--import", "json"),
        *("--import", "numpy.linalg", "--dsn", "postgresql://localhost/db", "--seed", "7"),
        *("--output", str(output)),
    )
    assert said.status == 0
    assert facts_study.asked == {
        "rows": ("memory", "io-bound"),
        "quick": True,
        "workers": 4,
        "imports": ("json", "numpy.linalg"),
        "dsn": "postgresql://localhost/db",
        "output": output,
        "seed": 7,
        "on_progress": None,
    }


def test_reports_and_says_where_it_is_stored(
    facts_study: Any, gilbench_says: Says, default_file: Path
) -> None:
    lines = gilbench_says("facts").out.splitlines()
    assert lines[0].startswith("CPython 3.13.5, GIL on")
    assert "holds: Threads are cheaper to start than processes." in lines
    assert any(f"python -m gilbench show {default_file}" in line for line in lines)
    assert lines[-1] == "The one claim holds here."


def test_quiet_leaves_the_table_the_claims_and_the_headline(
    facts_study: Any, gilbench_says: Says
) -> None:
    lines = gilbench_says("facts", "--quiet").out.splitlines()
    assert lines[0].startswith("By way of having several workers")
    assert "holds: Threads are cheaper to start than processes." in lines
    assert lines[-1] == "The one claim holds here."
    assert "gilbench show" not in "\n".join(lines)


@pytest.mark.parametrize("quiet", [[], ["--quiet"]])
def test_json_is_the_findings_and_nothing_else(
    quiet: list[str], facts_study: Any, gilbench_says: Says
) -> None:
    said = gilbench_says("facts", "--format", "json", *quiet)
    assert results.facts_findings_from_json(said.out) == facts_study.answer
    assert said.err == ""


@pytest.mark.parametrize(("quiet", "shows"), [([], True), (["--quiet"], False)])
def test_progress_goes_to_a_terminal_unless_quiet(
    quiet: list[str],
    shows: bool,
    facts_study: Any,
    gilbench_says: Says,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", Terminal())
    gilbench_says("facts", *quiet)
    assert ("memory" in sys.stderr.getvalue()) is shows


@pytest.mark.parametrize(("colour", "escapes"), [("", True), ("1", False)])
def test_a_terminal_has_colours_unless_told_otherwise(
    colour: str,
    escapes: bool,
    facts_study: Any,
    gilbench_says: Says,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("NO_COLOR", colour)
    monkeypatch.setattr(sys, "stdout", Terminal())
    gilbench_says("facts", "--quiet")
    assert ("\x1b[" in sys.stdout.getvalue()) is escapes


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InputError("there is no module 'nope'\x1b[2J\nat all"), 2),
        (HostError("a host could not be started"), 1),
    ],
)
def test_what_went_wrong_is_one_line(
    error: Exception, status: int, facts_study: Any, gilbench_says: Says
) -> None:
    facts_study.error = error
    said = gilbench_says("facts", "memory", "--import", "nope")
    assert (said.status, said.out, said.err.count("\n")) == (status, "", 1)
    assert said.err.startswith("gilbench: ")
    assert "\x1b" not in said.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--workers", "1"], "is not in the range"),
        (["--workers", "many"], "is not a valid integer range"),
        (["--seed", "-1"], "is not in the range"),
        (["--format", "csv"], "is not one of 'text', 'json'"),
        (["--import"], "requires an argument"),
        (["--rows", "gil"], "No such option"),
    ],
)
def test_a_command_line_that_cannot_be_is_one_line(
    arguments: list[str], message: str, facts_study: Any, gilbench_says: Says
) -> None:
    said = gilbench_says("facts", *arguments)
    assert (said.status, said.out, said.err.count("\n")) == (2, "", 1)
    assert message in said.err
    assert not facts_study.asked


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["memry"], "there is no row 'memry'; did you mean 'memory'?"),
        (["gil", "crush"], "there is no row 'crush'; did you mean 'crash'?"),
        (["gil", "--import", "json"], "imports are for the rows memory and creation: name one"),
        (["memory", "--dsn", "nonsense"], "a DSN is for the row io-bound: name it too"),
        (["gil", "--import", "a b"], "'a b' is not the name of a module, such as json or"),
    ],
)
def test_what_the_study_does_not_know_is_one_line(
    arguments: list[str], message: str, gilbench_says: Says, default_file: Path
) -> None:
    said = gilbench_says("facts", *arguments)
    assert (said.status, said.out, said.err.count("\n")) == (2, "", 1)
    assert message in said.err
    assert not default_file.exists()


def test_interrupted_it_says_what_is_there(
    facts_study: Any, gilbench_says: Says, default_file: Path
) -> None:
    facts_study.error = KeyboardInterrupt()
    said = gilbench_says("facts")
    assert (said.status, said.out) == (130, "")
    assert said.err == (
        f"gilbench: interrupted; what was measured so far: python -m gilbench show {default_file}\n"
    )


def test_help_names_every_row(gilbench_says: Says) -> None:
    text = " ".join(gilbench_says("facts", "--help").out.replace("-\n ", "-").split())
    for name in ROW_NAMES:
        assert name in text.replace("io- bound", "io-bound")


@pytest.fixture(params=[["facts"], ["show", "facts.jsonl"]])
def command(request: pytest.FixtureRequest, loaded: object) -> list[str]:
    arguments: list[str] = request.param
    return arguments


def test_strict_wants_an_outcome_of_every_claim(
    command: list[str], facts_study: Any, gilbench_says: Says
) -> None:
    unsure = full_row()
    unsure = replace(
        unsure,
        evidence=replace(
            unsure.evidence,
            claims=(replace(unsure.evidence.claims[0], holds=Outcome.INCONCLUSIVE),),
        ),
    )
    rows = (unsure, make_row(holds=Outcome.INCONCLUSIVE), make_row("gil"))
    facts_study.answer = make_findings(*rows)
    assert gilbench_says(*command).status == 0
    said = gilbench_says(*command, "--strict")
    assert said.status == 1
    assert said.err == "gilbench: 2 of 4 claims are inconclusive: memory, creation\n"
    assert "inconclusive: Threads are cheaper to start than processes." in said.out


@pytest.mark.parametrize("outcome", [Outcome.HOLDS, Outcome.DOES_NOT_HOLD, Outcome.DEPENDS])
def test_strict_takes_every_outcome(
    outcome: Outcome, command: list[str], facts_study: Any, gilbench_says: Says
) -> None:
    facts_study.answer = make_findings(make_row(holds=outcome))
    said = gilbench_says(*command, "--strict")
    assert (said.status, said.err) == (0, "")


def test_show_computes_the_findings_again(
    facts_study: Any, gilbench_says: Says, loaded: results.StoredFacts
) -> None:
    said = gilbench_says("show", "facts.jsonl")
    assert said.status == 0
    assert facts_study.shown is loaded
    assert "holds: Threads are cheaper to start than processes." in said.out
    assert "gilbench show" not in said.out


def test_show_writes_facts_as_json(
    facts_study: Any, gilbench_says: Says, loaded: results.StoredFacts
) -> None:
    said = gilbench_says("show", "facts.jsonl", "--format", "json")
    assert results.facts_findings_from_json(said.out) == facts_study.answer


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--format", "csv"], "a.jsonl holds a comparison, which is shown as text or json, not as"),
        (["--format", "markdown"], "shown as text or json, not as markdown"),
        (["--against", "b.jsonl"], "a.jsonl holds a comparison: --against compares runs"),
    ],
)
def test_what_only_runs_have_is_one_line(
    options: list[str],
    message: str,
    facts_study: Any,
    gilbench_says: Says,
    loaded: results.StoredFacts,
) -> None:
    said = gilbench_says("show", "a.jsonl", *options)
    assert (said.status, said.out, said.err.count("\n")) == (2, "", 1)
    assert message in said.err
