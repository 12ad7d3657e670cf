from __future__ import annotations

import pytest
from rich.cells import cell_len

from comparisons import figure
from gilbench.comparison import Cell, Unit
from gilbench.report.footnotes import Footnotes
from gilbench.report.glyphs import ASCII, UNICODE, Glyphs
from gilbench.report.grid import Line, grid, legend
from gilbench.report.page import Page

START = Cell(figure=figure(48_200_000, half=310_000), ratio=1268.4)
LINES = [
    Line(
        name="creation",
        told="time to start and to join",
        cells=(Cell(figure=figure(38_000)), START, Cell(unavailable="no fork here")),
    ),
    Line(
        name="",
        told="who died",
        cells=(Cell(words="the whole process, its threads too"), Cell(), Cell()),
    ),
]
HEADINGS = ("thread", "spawn", "fork")


def drawn(
    width: int, lines: list[Line] = LINES, glyphs: Glyphs = UNICODE
) -> tuple[list[str], Footnotes]:
    footnotes = Footnotes()
    texts = grid(HEADINGS, lines, Page(width=width, glyphs=glyphs), footnotes)
    return [text.plain for text in texts], footnotes


def test_a_figure_has_its_interval_and_below_it_its_ratio() -> None:
    assert drawn(80)[0] == [
        "                           thread              spawn         fork",
        "─" * 72,
        "creation                   38 us               48.2 ±0.3 ms  unavailable",
        "time to start and to join                      ×1268         see [1]",
        "who died                   the whole process,  –             –",
        "                           its threads too",
    ]


def test_with_less_room_the_interval_has_a_line_of_its_own_and_labels_wrap() -> None:
    assert drawn(56)[0] == [
        "                      thread       spawn    fork",
        "─" * 55,
        "creation              38 us        48.2 ms  unavailable",
        "time to start and to               ±0.3 ms  see [1]",
        "join                               ×1268",
        "",
        "who died              the whole    –        –",
        "                      process,",
        "                      its threads",
        "                      too",
    ]


def test_on_a_narrow_page_it_is_a_list() -> None:
    assert drawn(30)[0] == [
        "creation: time to start and to",
        "join",
        "  thread: 38 us",
        "  spawn: 48.2 ±0.3 ms, ×1268",
        "  fork: unavailable, see [1]",
        "who died",
        "  thread: the whole process,",
        "    its threads too",
        "  spawn: –",
        "  fork: –",
    ]


def test_reasons_are_footnotes_once_however_it_is_laid_out() -> None:
    for width in (20, 56, 80):
        footnotes = drawn(width)[1]
        page = Page(width=80, glyphs=UNICODE)
        assert [line.plain for line in footnotes.lines(page)] == ["[1] no fork here"]


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_no_width_overflows(glyphs: Glyphs) -> None:
    for width in range(20, 201):
        lines, _ = drawn(width, glyphs=glyphs)
        assert max(map(cell_len, lines)) <= width
        assert not any(line != line.rstrip() for line in lines)
        text = " ".join(" ".join(lines).split())
        assert "38 us" in text
        assert text.isascii() or glyphs is UNICODE


def test_a_dash_is_explained_where_there_is_one() -> None:
    page = Page(width=80, glyphs=UNICODE)
    assert [line.plain for line in legend(LINES, page)] == ["– not measured"]
    assert legend(LINES[:1], page) == []


def test_what_is_in_a_cell_steers_nothing() -> None:
    line = Line(
        name="\x1b[2J",
        told="[red]\u202e",
        cells=(Cell(words="\x07"), Cell(unavailable="\x9b"), START),
    )
    for width in (20, 80):
        lines, footnotes = drawn(width, [line])
        page = Page(width=80, glyphs=UNICODE)
        assert all(each.isprintable() for each in lines)
        assert all(each.plain.isprintable() for each in footnotes.lines(page))
        assert "[red]" in "\n".join(lines)


def test_figures_of_all_units_fit_a_cell() -> None:
    for unit in Unit:
        line = Line(name="x", told="y", cells=(Cell(figure=figure(123.456, unit, 1.2)),) * 3)
        assert len(drawn(80, [line])[0]) == 4
