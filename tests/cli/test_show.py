from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from gilbench import results
from gilbench.errors import StoredFileError

Says = Callable[..., SimpleNamespace]


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    paths: list[Path] = []

    def load(path: Path) -> str:
        paths.append(path)
        return "a stored run"

    monkeypatch.setattr(results, "load", load)
    return paths


def test_computes_the_findings_again(study: Any, gilbench_says: Says, loaded: list[Path]) -> None:
    said = gilbench_says("show", "run.jsonl")
    assert said.status == 0
    assert loaded == [Path("run.jsonl")]
    assert study.shown == "a stored run"
    assert said.out.startswith("CPython 3.11.7")
    assert said.out.splitlines()[-1] == study.answer.headline
    assert "gilbench show" not in said.out


def test_a_sign_that_the_encoding_lacks_is_spelled_out(
    study: Any, gilbench_says: Says, loaded: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    study.answer = replace(study.answer, headline="Two snowmen ☃ do the work of 1.95 ± 0.02.")
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="ascii"))
    assert gilbench_says("show", "run.jsonl").status == 0
    assert written.getvalue().endswith(b"Two snowmen \\u2603 do the work of 1.95 +- 0.02.\n")


def test_as_json(study: Any, gilbench_says: Says, loaded: list[Path]) -> None:
    said = gilbench_says("show", "run.jsonl", "--format", "json")
    assert results.findings_from_json(said.out) == study.answer


def test_a_file_that_cannot_be_read_is_one_line(
    study: Any, gilbench_says: Says, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(path: Path) -> None:
        raise StoredFileError(f"{path} is not\na gilbench result file")

    monkeypatch.setattr(results, "load", load)
    said = gilbench_says("show", "run.jsonl")
    assert said.status == 2
    assert said.err == "gilbench: run.jsonl is not a gilbench result file\n"
