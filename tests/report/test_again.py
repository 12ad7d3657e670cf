from __future__ import annotations

from gilbench.report.again import again_lines
from gilbench.report.glyphs import UNICODE
from gilbench.report.page import Page


def lines(stored: str | None, width: int) -> list[str]:
    return [line.plain for line in again_lines(stored, Page(width=width, glyphs=UNICODE))]


def test_the_command_is_never_broken() -> None:
    assert lines("a b.jsonl", 80) == ["To see this again: python -m gilbench show a b.jsonl"]
    assert lines("a b.jsonl", 20) == ["To see this again:", "python -m gilbench show a b.jsonl"]


def test_what_is_not_stored_has_none() -> None:
    assert lines(None, 80) == []
