from __future__ import annotations

import io

import pytest
from rich.text import Text

from gilbench.report.glyphs import ASCII, UNICODE
from gilbench.report.page import console_on, page_on, show
from terminals import Terminal


@pytest.fixture(autouse=True)
def _a_terminal_of_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TTY_COMPATIBLE", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


def printed(stream: io.StringIO) -> str:
    show([Text("bold", "bold"), Text("red", "red")], console_on(stream))
    return stream.getvalue()


def test_a_terminal_gets_colours() -> None:
    assert printed(Terminal()) == "\x1b[1mbold\x1b[0m\n\x1b[31mred\x1b[0m\n"


def test_a_pipe_gets_plain_text() -> None:
    assert printed(io.StringIO()) == "bold\nred\n"


def test_no_color_leaves_no_escape_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert printed(Terminal()) == "bold\nred\n"


def test_lines_are_neither_wrapped_nor_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    stream = io.StringIO()
    show([Text("a word and /a/path/that/is/long")], console_on(stream))
    assert stream.getvalue() == "a word and /a/path/that/is/long\n"


def test_what_others_wrote_does_not_steer_the_terminal() -> None:
    stream = Terminal()
    show([Text("a\x1b[2Jb\x9bc\n", "bold")], console_on(stream))
    assert stream.getvalue() == "\x1b[1ma?[2Jb?c?\x1b[0m\n"


@pytest.mark.parametrize(("columns", "width"), [("120", 120), ("20", 20), ("3", 20)])
def test_columns_sets_the_width(columns: str, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert page_on(console_on(io.StringIO())).width == width


@pytest.mark.parametrize(("encoding", "glyphs"), [("utf-8", UNICODE), ("ascii", ASCII)])
def test_the_streams_encoding_sets_the_characters(encoding: str, glyphs: object) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    assert page_on(console_on(stream)).glyphs is glyphs
