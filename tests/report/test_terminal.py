"""Whole reports, compared with the files in `golden/`: GIL build, free-threaded, loaded machine."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gilbench.report.glyphs import ASCII, UNICODE, Glyphs
from gilbench.report.page import Page
from gilbench.report.terminal import answer, report

from .conftest import COMMAND, WIDTHS, stored_report

if TYPE_CHECKING:
    from types import SimpleNamespace


GOLDEN = Path(__file__).parent / "golden"
RUNS = ["gil_build", "free_threaded_build", "loaded_machine"]
whole = partial(stored_report, report)


@pytest.mark.parametrize("width", [20, 80, 120])
@pytest.mark.parametrize("run", RUNS)
def test_looks_as_stored(run: str, width: int, make: SimpleNamespace) -> None:
    findings = getattr(make, run)()
    golden = (GOLDEN / f"{run}-{width}.txt").read_text(encoding="utf-8")
    assert "\n".join(whole(findings, width)) + "\n" == golden


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
@pytest.mark.parametrize("run", RUNS)
def test_no_width_cuts_or_overflows(run: str, glyphs: Glyphs, make: SimpleNamespace) -> None:
    findings = getattr(make, run)()
    for width in WIDTHS:
        lines = whole(findings, width, glyphs)
        assert max(len(line) for line in lines if line != COMMAND) <= width
        assert COMMAND in "\n".join(lines)
        assert not any(line != line.rstrip() for line in lines)
        words = " ".join(lines).split()
        for case in findings.cases:
            if case.speedup is not None and case.workers == 2 and case.backend != "native":
                assert f"{case.speedup.value:.2f}" in words
    assert glyphs is UNICODE or "\n".join(whole(findings, 80, glyphs)).isascii()


def test_the_headline_comes_last_and_notes_before_it(make: SimpleNamespace) -> None:
    findings = make.findings(make.measured("threads", 1.0), notes=("One.", "Two."), headline="So.")
    assert whole(findings, 80)[-6:] == [
        "",
        "One.",
        "Two.",
        f"To see this again: {COMMAND}",
        "",
        "So.",
    ]


def test_a_stored_run_does_not_say_how_to_show_it(make: SimpleNamespace) -> None:
    lines = report(make.gil_build(), Page(width=80, glyphs=UNICODE))
    assert "show" not in "\n".join(line.plain for line in lines)


def test_the_answer_is_the_table_and_the_headline(make: SimpleNamespace) -> None:
    findings = make.loaded_machine()
    lines = [line.plain for line in answer(findings, Page(width=80, glyphs=UNICODE))]
    assert lines[0].startswith("Speedup of 2 workers")
    assert lines[-2:] == ["", findings.headline]
    assert not {"CPython", "GIL wait", "rejected."} & set(" ".join(lines[:-1]).split())
