from __future__ import annotations

from gilbench.report.glyphs import UNICODE
from gilbench.report.labelled import fact, pieced
from gilbench.report.page import Page


def lines(width: int) -> list[str]:
    fill = pieced(["1.95 ±0.02", "times the work of one"])
    return [line.plain for line in fact("two threads", fill, Page(width=width, glyphs=UNICODE))]


def test_a_fact_stands_beside_its_label() -> None:
    assert lines(80) == ["two threads        1.95 ±0.02 times the work of one"]


def test_what_does_not_fit_goes_on_below_itself() -> None:
    assert lines(40) == [
        "two threads        1.95 ±0.02",
        "                   times the work of one",
    ]


def test_on_a_narrow_page_it_stands_below_its_label() -> None:
    assert lines(37) == ["two threads", "  1.95 ±0.02 times the work of one"]
