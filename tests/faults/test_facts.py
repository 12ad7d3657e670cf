"""Comparisons that are interrupted, killed or refused: a readable file, and nothing else left."""

from __future__ import annotations

import json
import signal

import pytest

import gilbench
from gilbench.results import StoredFacts
from waiting import becomes_true

from .conftest import Program


def begun(program: Program, *arguments: str) -> object:
    """Return a comparison that goes on, and has stored something."""
    process = program.start("facts", "gil", *arguments, "--output", "facts.jsonl")
    path = program.folder / "facts.jsonl"
    assert becomes_true(lambda: path.exists() and path.read_bytes().count(b"\n") > 1, 60)
    return process


def stored(program: Program) -> StoredFacts:
    found = gilbench.load(program.folder / "facts.jsonl")
    assert isinstance(found, StoredFacts)
    return found


@pytest.mark.slow
def test_ctrl_c_leaves_a_readable_file(program: Program) -> None:
    process = begun(program)
    process.send_signal(signal.SIGINT)
    ended = program.end_of(process)
    assert (ended.status, ended.out) == (130, "")
    assert ended.err == (
        "gilbench: interrupted; what was measured so far: python -m gilbench show facts.jsonl\n"
    )
    found = stored(program)
    assert found.trials
    assert found.stop is not None
    assert found.stop.reason is gilbench.StopReason.INTERRUPTED
    assert gilbench.facts_findings(found).stop == found.stop
    shown = program.run("show", "facts.jsonl")
    assert shown.status == 0
    assert "It was interrupted" in shown.out


@pytest.mark.slow
def test_one_that_is_killed_leaves_a_readable_file_and_nothing_else(program: Program) -> None:
    process = begun(program)
    process.kill()
    program.end_of(process)
    found = stored(program)
    assert found.trials
    assert found.stop is None
    assert "It was cut off" in program.run("show", "facts.jsonl").out


@pytest.mark.slow
def test_a_whole_one_leaves_its_file_and_nothing_else(program: Program) -> None:
    ended = program.run(
        *("facts", "gil", "--quick", "--seed", "1", "--format", "json"),
        *("--output", "facts.jsonl"),
    )
    assert (ended.status, ended.err) == (0, "")
    assert {path.name for path in program.folder.iterdir()} == {"facts.jsonl"}
    told = json.loads(ended.out)
    assert told["schema_version"] == 3
    (row,) = told["rows"]
    assert row["row"] == "gil"
    assert set(row["columns"]) == {"thread", "interpreter", "fork", "forkserver", "spawn"}
    again = program.run("show", "facts.jsonl", "--format", "json")
    assert json.loads(again.out) == told


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("facts", "crush"), "there is no row 'crush'; did you mean 'crash'?"),
        (("facts", "gil", "--workers", "65"), "Invalid value for '--workers': 65 is not in the"),
        (("facts", "gil", "--output", "no/where"), "cannot write no/where: there is no folder no"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(
    arguments: tuple[str, ...], line: str, program: Program
) -> None:
    ended = program.run(*arguments)
    assert (ended.status, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert line in ended.err
    assert not list(program.folder.glob("*.jsonl"))
