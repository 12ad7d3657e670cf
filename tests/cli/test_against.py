from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from gilbench import results
from gilbench.errors import InputError

Says = Callable[..., SimpleNamespace]


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that were read, each as the run of its name."""
    paths: list[Path] = []

    def load(path: Path) -> str:
        paths.append(path)
        return f"the run in {path}"

    for door in ("load", "load_run"):
        monkeypatch.setattr(results, door, load)
    return paths


def test_run_is_given_the_earlier_run(study: Any, gilbench_says: Says, loaded: list[Path]) -> None:
    said = gilbench_says("run", "spin", "--against", "gil.jsonl")
    assert said.status == 0
    assert study.asked["against"] == "the run in gil.jsonl"


def test_how_to_see_it_again_names_both_files(
    study: Any, gilbench_says: Says, loaded: list[Path], default_file: Path
) -> None:
    lines = gilbench_says("run", "--against", "a gil.jsonl").out.splitlines()
    assert any(
        line.startswith(f"python -m gilbench show {default_file} --against ") for line in lines
    )


def test_show_is_given_the_earlier_run(study: Any, gilbench_says: Says, loaded: list[Path]) -> None:
    said = gilbench_says("show", "free.jsonl", "--against", "gil.jsonl")
    assert said.status == 0
    assert (study.shown, study.against) == ("the run in free.jsonl", "the run in gil.jsonl")


def test_without_it_there_is_none(study: Any, gilbench_says: Says, loaded: list[Path]) -> None:
    gilbench_says("show", "free.jsonl")
    assert study.against is None


def test_a_file_that_is_not_ours_is_one_line_before_anything_is_measured(
    study: Any, gilbench_says: Says, tmp_path: Path, default_file: Path
) -> None:
    wrong = tmp_path / "notes.txt"
    wrong.write_text("something else\n", encoding="utf-8")
    said = gilbench_says("run", "--against", str(wrong))
    assert said.status == 2
    assert said.err == (f"gilbench: {wrong} is not a gilbench result file: it has no header line\n")
    assert not study.asked
    assert not default_file.exists()


def test_a_check_is_one_line_before_anything_is_measured(
    study: Any, gilbench_says: Says, default_file: Path
) -> None:
    check = Path(__file__).parents[1] / "results" / "files" / "check2.jsonl"
    said = gilbench_says("run", "--against", str(check))
    assert said.status == 2
    assert said.err == (
        f"gilbench: {check} holds a check, not a run: name a file that holds a run\n"
    )
    assert not study.asked
    assert not default_file.exists()


def test_a_file_that_is_not_there_is_one_line(study: Any, gilbench_says: Says) -> None:
    said = gilbench_says("run", "--against", "nowhere.jsonl")
    assert (said.status, said.err) == (2, "gilbench: there is no file nowhere.jsonl\n")


def test_runs_with_nothing_in_common_are_one_line(
    study: Any, gilbench_says: Says, loaded: list[Path], default_file: Path
) -> None:
    study.error, study.writes = InputError("there is nothing to compare"), ""
    said = gilbench_says("run", "--against", "gil.jsonl")
    assert (said.status, said.err) == (2, "gilbench: there is nothing to compare\n")
    assert not default_file.exists()


@pytest.mark.parametrize(
    "arguments",
    [("show", str(Path("a.jsonl").resolve())), ("run", "--output", "./a.jsonl")],
)
def test_a_run_is_not_compared_with_itself(
    arguments: tuple[str, ...], study: Any, gilbench_says: Says, loaded: list[Path]
) -> None:
    said = gilbench_says(*arguments, "--against", "a.jsonl")
    assert said.status == 2
    assert said.err == "gilbench: --against a.jsonl is this run's own file: name another run's\n"
    assert not study.asked
