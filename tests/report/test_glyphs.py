from __future__ import annotations

from dataclasses import fields

import pytest
from rich.cells import cell_len

from gilbench.model import Losses
from gilbench.report.glyphs import ASCII, UNICODE, Glyphs, glyphs_for


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_every_kind_of_loss_has_a_fill_of_its_own_one_cell_wide(glyphs: Glyphs) -> None:
    assert set(glyphs.fills) == {field.name for field in fields(Losses)}
    assert len(set(glyphs.fills.values())) == len(glyphs.fills)
    assert {cell_len(fill) for fill in glyphs.fills.values()} == {1}


def test_ascii_stays_within_ascii() -> None:
    drawn = [ASCII.plus_minus, ASCII.none, ASCII.dot, ASCII.rule, *ASCII.fills.values()]
    assert "".join(drawn).isascii()
    assert (
        ASCII.spell("1.95 ± 0.02 × 2 – “so” 10 µs · 3 ÷ 2")
        == '1.95 +- 0.02 x 2 - "so" 10 us | 3 / 2'
    )


def test_unicode_leaves_texts_alone() -> None:
    assert UNICODE.spell("± × –") == "± × –"


@pytest.mark.parametrize(
    ("encoding", "glyphs"), [("utf-8", UNICODE), ("UTF-16", UNICODE), ("cp1252", ASCII)]
)
def test_the_encoding_chooses(encoding: str, glyphs: Glyphs) -> None:
    assert glyphs_for(encoding) is glyphs
