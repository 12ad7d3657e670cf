"""Whole reports of checks, compared with the files in `golden/`."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from gilbench.evidence import Target, Verdict
from gilbench.report.check import answer, report
from gilbench.report.glyphs import ASCII, UNICODE, Glyphs
from gilbench.report.page import Page

from .conftest import COMMAND, WIDTHS, stored_report

if TYPE_CHECKING:
    from types import SimpleNamespace


GOLDEN = Path(__file__).parent / "golden"
CHECKS = [
    "holds",
    "holds_switchable",
    "partial",
    "releases",
    "releases_but_serial",
    "inconclusive",
    "gil_off",
    "gil_reenabled",
    "sharp_threshold",
    "no_threshold",
]
# Markup, an emoji by name, a terminal's escape, a turn of direction, wide and half characters.
HOSTILE = (
    "f('[bold]x[/bold] :smiley: \x1b[2J \u202e 模块\ud800')\r\n\tif x:\n" + "g(" * 400 + "\x00"
)
whole = partial(stored_report, report)


@pytest.mark.parametrize("width", [20, 80, 200])
@pytest.mark.parametrize("check", CHECKS)
def test_looks_as_stored(check: str, width: int, checks: SimpleNamespace) -> None:
    golden = (GOLDEN / f"check_{check}-{width}.txt").read_text(encoding="utf-8")
    assert "\n".join(whole(getattr(checks, check)(), width)) + "\n" == golden


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
@pytest.mark.parametrize("check", CHECKS)
def test_no_width_cuts_or_overflows(check: str, glyphs: Glyphs, checks: SimpleNamespace) -> None:
    findings = getattr(checks, check)()
    for width in WIDTHS:
        lines = whole(findings, width, glyphs)
        assert max(cell_len(line) for line in lines if line != COMMAND) <= width
        assert COMMAND in "\n".join(lines)
        assert not any(line != line.rstrip() for line in lines)
        assert "None" not in "\n".join(lines)
        words = " ".join(lines).split()
        for size in findings.sizes:
            assert words.count(str(size.size)) + words.count(f"{size.size}:") >= 1
    assert glyphs is UNICODE or "\n".join(whole(findings, 80, glyphs)).isascii()


def test_headline_and_advice_come_last_and_notes_before_them(checks: SimpleNamespace) -> None:
    findings = checks.check(notes=("One.", "Two."), headline="So.", advice="Do.")
    assert whole(findings, 80)[-7:] == [
        "",
        "One.",
        "Two.",
        f"To see this again: {COMMAND}",
        "",
        "So.",
        "Do.",
    ]


def test_a_stored_check_does_not_say_how_to_show_it(checks: SimpleNamespace) -> None:
    lines = report(checks.check(), Page(width=80, glyphs=UNICODE))
    assert "gilbench show" not in "\n".join(line.plain for line in lines)


def test_the_answer_is_verdict_and_advice(checks: SimpleNamespace) -> None:
    lines = answer(checks.holds(), Page(width=80, glyphs=UNICODE))
    assert [line.plain for line in lines] == [
        "holds: another thread is shut out for the whole call",
        "Threads gain nothing here: release the GIL in it, or call it from processes.",
    ]


@pytest.mark.parametrize("verdict", [Verdict.RELEASES, Verdict.INCONCLUSIVE])
@pytest.mark.parametrize("width", [20, 80, 200])
def test_what_the_user_wrote_steers_nothing(
    width: int, verdict: Verdict, checks: SimpleNamespace
) -> None:
    findings = checks.check(
        verdict,
        target=Target(statement=HOSTILE, setup=HOSTILE),
        reason="\x1b[2J [red]no[/red]\n\u202e",
        headline="[red]\x1b",
        advice="\x9b2J",
        notes=("\x07",),
    )
    lines = whole(findings, width)
    text = "\n".join(lines)
    assert all(line.isprintable() for line in lines)
    assert "[bold]x[/bold]" in text
    assert r"\x1b[2J" in text
    assert "characters)" in text
    assert max(cell_len(line) for line in lines if line != COMMAND) <= width
    assert len(lines) < 90


def test_the_rule_fits_where_a_word_does_not(checks: SimpleNamespace) -> None:
    lines = whole(checks.check(Verdict.INCONCLUSIVE, reason=f"no {'x' * 99}"), 40)
    assert "─" * 40 in lines


def test_a_setup_that_is_not_there_has_no_line(checks: SimpleNamespace) -> None:
    findings = replace(checks.check(), target=Target(statement="pass"))
    assert not any(line.startswith("setup") for line in whole(findings, 80))
