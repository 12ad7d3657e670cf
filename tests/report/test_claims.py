from __future__ import annotations

import pytest

from comparisons import full_row, make_row
from gilbench.comparison import Outcome
from gilbench.report.claims import claim_lines
from gilbench.report.glyphs import UNICODE
from gilbench.report.page import Page

PAGE = Page(width=60, glyphs=UNICODE)


def test_each_claim_has_its_outcome_and_below_it_what_decides() -> None:
    lines = claim_lines([make_row(), full_row()], PAGE)
    assert [line.plain for line in lines] == [
        "holds: Threads are cheaper to start than processes.",
        "  A thread took 38 us, a forked process 1.23 ms.",
        "depends: Threads share memory, processes do not.",
        "  A write by one thread was seen by the others; by one",
        "  process, by none.",
        "does not hold here: fork shares the parent's memory.",
        "  Walking it un-shared 93 % of it.",
    ]


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_a_colour_of_its_own(outcome: Outcome) -> None:
    def style(outcome: Outcome) -> str:
        return str(claim_lines([make_row(holds=outcome)], PAGE)[0].spans[0].style)

    assert style(outcome).startswith("bold ")
    assert len({style(each) for each in Outcome}) == len(Outcome)
