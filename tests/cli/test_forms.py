from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

import gilbench

Says = Callable[..., SimpleNamespace]


def test_csv_is_the_cases_and_nothing_else(
    command: list[str], study: Any, gilbench_says: Says, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="ascii", newline="\r\n"))
    assert gilbench_says(*command, "--format", "csv").status == 0
    # Whatever the stream is like: UTF-8, and lines that end once.
    assert written.getvalue() == gilbench.findings_to_csv(study.answer).encode()
    rows = list(csv.DictReader(io.StringIO(written.getvalue().decode(), newline="")))
    assert [row["backend"] for row in rows] == [case.backend for case in study.answer.cases]


def test_markdown_is_the_report_and_nothing_else(
    command: list[str], study: Any, gilbench_says: Says
) -> None:
    said = gilbench_says(*command, "--format", "markdown")
    assert (said.status, said.err) == (0, "")
    assert said.out == gilbench.findings_to_markdown(study.answer)


def test_markdown_stays_within_a_poor_encoding(
    study: Any, gilbench_says: Says, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="ascii"))
    assert gilbench_says("run", "--format", "markdown").status == 0
    sys.stdout.flush()
    assert b" +-0." in written.getvalue()
    assert b"\\x" not in written.getvalue()
