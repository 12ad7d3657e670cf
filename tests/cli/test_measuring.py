from __future__ import annotations

import sys
from pathlib import Path

import click
import pytest

from gilbench.cli.measuring import measuring
from gilbench.model import Progress
from terminals import Terminal

HALF = Progress(done=0.5, left_ns=8 * 10**9, doing="round 6")


def test_it_yields_the_file_and_what_shows_the_progress(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = _terminal(monkeypatch)
    named = tmp_path / "named.jsonl"
    with measuring(named, quiet=False) as (path, on_progress):
        assert path == named
        assert on_progress is not None
        on_progress(HALF)
    assert "round 6" in terminal.getvalue()


def test_quiet_it_shows_none(default_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _terminal(monkeypatch)
    with measuring(None, quiet=True) as (path, on_progress):
        assert path == default_file
        assert on_progress is None
    assert terminal.getvalue() == ""


def test_interrupted_the_bar_is_gone_before_it_says_where_the_results_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = _terminal(monkeypatch)
    named = tmp_path / "named.jsonl"
    named.write_text("a header\n")
    with pytest.raises(click.Abort):
        _measure_half(named)
    said = terminal.getvalue()
    cursor_is_back = said.rindex("\x1b[?25h")
    assert said.rindex("round 6") < cursor_is_back < said.index("gilbench: interrupted")


def _terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    return terminal


def _measure_half(output: Path) -> None:
    with measuring(output, quiet=False) as (_, on_progress):
        assert on_progress is not None
        on_progress(HALF)
        raise KeyboardInterrupt
