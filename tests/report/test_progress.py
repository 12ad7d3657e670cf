from __future__ import annotations

import io
import threading

import pytest

from gilbench.model import Progress
from gilbench.report.page import console_on
from gilbench.report.progress import progress_bar
from terminals import Terminal


@pytest.fixture(autouse=True)
def _a_terminal_of_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")


def test_paints_when_told_and_has_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    stream = Terminal()
    threads = threading.active_count()
    with progress_bar(console_on(stream)) as paint:
        assert paint is not None
        assert threading.active_count() == threads
        before = stream.tell()
        paint(Progress(done=0.5, left_ns=8_400_000_000, doing="round 6"))
        painted = stream.getvalue()[before:]
    assert "round 6" in painted
    assert "8 s left" in painted


@pytest.mark.parametrize("forced", ["", "1"])
def test_there_is_none_where_there_is_no_terminal(
    forced: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", forced)
    stream = io.StringIO()
    with progress_bar(console_on(stream)) as paint:
        assert paint is None
    assert stream.getvalue() == ""


def test_there_is_none_on_a_dumb_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    with progress_bar(console_on(Terminal())) as paint:
        assert paint is None
