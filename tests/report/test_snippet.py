from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from gilbench.report.glyphs import ASCII, UNICODE
from gilbench.report.snippet import escaped, snippet


def shown(code: str, width: int = 20, most: int = 6) -> list[str]:
    return [line.plain for line in snippet(code, width, UNICODE, most=most)]


@pytest.mark.parametrize(
    ("text", "harmless"),
    [
        ("zlib.compress(d)", "zlib.compress(d)"),
        ("\x1b[2J\x07\x9b", r"\x1b[2J\x07\x9b"),
        ("a\u202eb\u200b", r"a\u202eb\u200b"),
        ("\ud800", r"\ud800"),
        ("a\n\tb", "a\n\tb"),
        ("[bold]é模", "[bold]é模"),
        ("\r", r"\r"),
    ],
)
def test_only_what_cannot_be_printed_is_escaped(text: str, harmless: str) -> None:
    assert escaped(text) == harmless


def test_a_line_breaks_at_spaces_else_within_a_word() -> None:
    assert shown("hashlib.sha256(data).digest()") == ["hashlib.sha256(data)", ".digest()"]
    assert shown("import hashlib, os, zlib") == ["import hashlib, os,", "zlib"]
    assert shown("x = " + "a" * 25) == ["x =", "a" * 20, "aaaaa"]


def test_lines_keep_their_indent_and_tabs_are_seen() -> None:
    assert shown("for x in d:\r\n\tf('a\tb')\n\n") == ["for x in d:", r"    f('a\tb')"]


def test_wide_characters_count_double() -> None:
    assert shown("模" * 11) == ["模" * 10, "模"]


def test_what_is_too_long_says_how_long_it_is() -> None:
    assert shown("a\n" * 6) == ["a"] * 6
    assert shown("a\n" * 7) == [*["a"] * 5, "… (13 characters)"]
    assert snippet("a\n" * 7, 20, ASCII)[-1].plain == "... (13 characters)"


def test_an_endless_one_is_not_read_to_its_end() -> None:
    code = "(" * 50_000_000
    started = time.perf_counter()
    assert shown(code)[-1] == "… (50000000"[:11] + " characters)"
    assert time.perf_counter() - started < 2


def test_nothing_is_one_empty_line() -> None:
    assert shown("") == [""]
    assert shown("   \n") == [""]


@given(code=st.text(max_size=300), width=st.integers(18, 60))
def test_any_text_fits_and_is_harmless(code: str, width: int) -> None:
    lines = shown(code, width)
    assert 1 <= len(lines) <= 6
    assert all(cell_len(line) <= width and line.isprintable() for line in lines)
