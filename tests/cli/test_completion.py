from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import gilbench
from gilbench import discovery
from gilbench.cli import completion

Offer = Callable[..., Path]
# The installed command, wherever it is installed.
COMMAND = "import sys; sys.argv[0] = 'gilbench'; from gilbench.__main__ import main; main()"


def gilbench_command(**variables: str) -> str:
    run = subprocess.run(
        [sys.executable, "-c", COMMAND],
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(Path(gilbench.__file__).parents[1]), *sys.path]),
            **variables,
        },
    )
    return run.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_command_prints_a_script_for_each_shell(shell: str) -> None:
    script = gilbench_command(_GILBENCH_COMPLETE=f"{shell}_source")
    assert "_gilbench_completion" in script
    assert f"_GILBENCH_COMPLETE={shell}_complete" in script


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("gilbench ", ["check", "env", "facts", "list", "run", "show"]),
        ("gilbench sh", ["show"]),
        ("gilbench nonsense x", []),
        ("gilbench run tr", ["triad"]),
        ("gilbench run spin --backends threads,int", ["threads,interpreters"]),
        ("gilbench run --modes re", ["release"]),
        ("gilbench show --format m", ["markdown"]),
        ("gilbench check --format ", ["text", "json"]),
        ("gilbench facts c", ["creation", "communication", "crash", "cpu-bound"]),
        ("gilbench facts gil me", ["memory"]),
        ("gilbench facts --format ", ["text", "json"]),
    ],
)
def test_a_line_that_is_begun_is_completed(line: str, offered: list[str]) -> None:
    words = line.split(" ")
    told = gilbench_command(
        _GILBENCH_COMPLETE="fish_complete", COMP_WORDS=line, COMP_CWORD=words[-1]
    )
    lines = filter(None, told.splitlines())
    completions = [each.partition("\t")[0].removeprefix("plain,") for each in lines]
    assert completions == offered


def complete(completer: Callable[..., list[str]], begun: str) -> list[str]:
    return completer(None, None, begun)


def test_what_others_offer_is_completed_and_not_loaded(offer: Offer) -> None:
    offer(discovery.WORKLOADS, "sieve", "raise AssertionError")
    offer(discovery.BACKENDS, "pool", "raise AssertionError", distribution="another")
    assert complete(completion.complete_workloads, "si") == ["sieve"]
    assert complete(completion.complete_backends, "fork,po") == ["fork,pool"]


def test_each_place_of_a_list_gets_all_names() -> None:
    assert complete(completion.complete_modes, "") == ["hold", "release"]
    assert complete(completion.complete_modes, "hold,") == ["hold,hold", "hold,release"]
    assert complete(completion.complete_modes, "holds") == []
