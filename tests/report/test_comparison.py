"""Whole reports of comparisons, compared with the files in `golden/`."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from rich.cells import cell_len

from comparisons import figure, full_row, make_findings, make_row
from environments import make_environment
from gilbench.comparison import Cell, Evidence, FactsFindings, Outcome, Row, Unit, Way
from gilbench.model import Caution
from gilbench.report.comparison import answer, report
from gilbench.report.glyphs import ASCII, UNICODE, Glyphs
from gilbench.report.page import Page

from .conftest import COMMAND, WIDTHS, stored_report

GOLDEN = Path(__file__).parent / "golden"
whole = partial(stored_report, report)

HEADLINE = (
    "Of 9 claims 6 hold here, 1 does not (memory), 1 depends (memory) and 1 is inconclusive"
    " (io-bound); the widest gap is in creation, time to start and to join: 48.2 ms with a spawned"
    " process, 38 us with a thread (1268 times as much)."
)


def one() -> FactsFindings:
    """One row, which shows all that it found."""
    return make_findings(full_row(), notes=("It broke off: no more came.",))


def many() -> FactsFindings:
    """All rows: the table and the claims."""
    speeds = {
        way: Cell(figure=figure(value, Unit.FACTOR, 0.021), ratio=ratio)
        for way, value, ratio in (
            (Way.THREAD, 1.0, None),
            (Way.INTERPRETER, 1.87, 1.87),
            (Way.FORK, 1.93, 1.93),
            (Way.SPAWN, 1.9, 1.9),
        )
    }
    rates = {
        way: Cell(figure=figure(value, Unit.BYTES_PER_SECOND, value / 40), ratio=value / 2**33)
        for way, value in ((Way.THREAD, 2.0**33), (Way.FORK, 2.0**30), (Way.SPAWN, 2.0**30))
    }
    died = {way: Cell(words="it alone") for way in Way} | {
        Way.THREAD: Cell(words="the process and all its threads")
    }
    rows = (
        full_row(),
        make_row("gil", fact="speedup of 2 workers, pure Python", columns=speeds),
        make_row(),
        make_row("communication", fact="throughput at 1 MiB", columns=rates),
        make_row("crash", fact="who died of a null pointer", columns=died),
        make_row("races", fact="lost updates", columns={Way.THREAD: Cell(unavailable="x" * 30)}),
        make_row("cpu-bound", fact="speedup of 2 workers, numpy", columns=speeds),
        make_row(
            "io-bound",
            holds=Outcome.INCONCLUSIVE,
            columns={},
            evidence=Evidence(deciding="Too few rounds had the cores to themselves."),
        ),
    )
    return make_findings(*rows, headline=HEADLINE)


COMPARISONS = {"one": one, "many": many}


@pytest.mark.parametrize("width", [20, 80, 200])
@pytest.mark.parametrize("name", COMPARISONS)
def test_looks_as_stored(name: str, width: int) -> None:
    golden = (GOLDEN / f"facts_{name}-{width}.txt").read_text(encoding="utf-8")
    assert "\n".join(whole(COMPARISONS[name](), width)) + "\n" == golden


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
@pytest.mark.parametrize("name", COMPARISONS)
def test_no_width_cuts_or_overflows(name: str, glyphs: Glyphs) -> None:
    findings = COMPARISONS[name]()
    for width in WIDTHS:
        lines = whole(findings, width, glyphs)
        over = [line for line in lines if line != COMMAND and cell_len(line) > width]
        # A single word that is too long stands out on the right.
        assert not [line for line in over if len(line.split()) > 2], width
        assert not any(line != line.rstrip() for line in lines)
        text = " ".join(" ".join(lines).split())
        assert "None" not in text
        for row in findings.rows:
            assert row.claim in text
            assert row.row in text
    assert glyphs is UNICODE or "\n".join(whole(findings, 80, glyphs)).isascii()


def test_the_headline_comes_last_and_notes_before_it() -> None:
    lines = whole(make_findings(make_row(), notes=("One.", "Two."), headline="So."), 80)
    assert lines[-6:] == ["", "One.", "Two.", f"To see this again: {COMMAND}", "", "So."]


def test_what_is_stored_does_not_say_how_to_show_it() -> None:
    lines = report(one(), Page(width=80, glyphs=UNICODE))
    assert "gilbench show" not in "\n".join(line.plain for line in lines)


def test_cautions_come_first() -> None:
    caution = Caution(what="load average 2.1 on 2 cores", advice="stop other programs")
    environment = make_environment(warnings=(caution,))
    lines = whole(make_findings(make_row(), environment=environment), 200)
    assert lines[1] == "! load average 2.1 on 2 cores: stop other programs"


def rows(count: int) -> list[Row]:
    return [full_row(), *(make_row(name) for name in ("gil", "crash", "races"))][:count]


@pytest.mark.parametrize(("count", "shown"), [(1, True), (3, True), (4, False)])
def test_of_few_rows_all_that_they_found_is_shown(count: int, shown: bool) -> None:
    text = "\n".join(whole(make_findings(*rows(count)), 100))
    assert ("memory: What does each further worker cost?" in text) is shown
    assert ("Un-shared by walking the parent's objects" in text) is shown
    assert ("Quick: 2 workers only." in text) is shown


def test_a_row_that_found_no_more_has_no_part_of_its_own() -> None:
    text = "\n".join(whole(make_findings(make_row()), 100))
    assert make_row().question not in text


def test_the_answer_is_the_table_the_claims_and_the_headline() -> None:
    lines = [line.plain for line in answer(one(), Page(width=80, glyphs=UNICODE))]
    assert lines[0].startswith("By way of having several workers;")
    assert lines[-1] == one().headline
    text = "\n".join(lines)
    assert "depends: Threads share memory" in text
    assert "Un-shared by walking" not in text
    assert "It broke off" not in text


@pytest.mark.parametrize("width", [20, 80, 200])
def test_what_others_wrote_steers_nothing(width: int) -> None:
    hostile = "\x1b[2J [red]no[/red]\n\u202e"
    row = make_row(
        columns={Way.THREAD: Cell(unavailable=hostile), Way.FORK: Cell(words=hostile)},
        evidence=Evidence(deciding=hostile, notes=(hostile,)),
    )
    lines = whole(make_findings(row, notes=(hostile,), headline=hostile), width)
    assert all(line.isprintable() for line in lines)
    assert "[red]no[/red]" in "\n".join(lines)
