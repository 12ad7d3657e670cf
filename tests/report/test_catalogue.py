from __future__ import annotations

from gilbench.model import Listing
from gilbench.report.catalogue import catalogue_lines
from gilbench.report.glyphs import ASCII, UNICODE
from gilbench.report.page import Page

LISTINGS = (
    Listing(name="spin", summary="xorshift chain", parameters="", unavailable=None),
    Listing(
        name="mix",
        summary="holds for a share of the time, and releases for the rest of it",
        parameters="share=0.5, grain=1ms",
        unavailable=None,
    ),
    Listing(
        name="interpreters",
        summary="subinterpreters with a GIL of their own",
        parameters="",
        unavailable="needs CPython 3.12 or later",
    ),
)


def shown(width: int) -> list[str]:
    page = Page(width=width, glyphs=UNICODE)
    return [line.plain for line in catalogue_lines("Workloads", LISTINGS, page)]


def test_columns_are_aligned_and_wrapped() -> None:
    assert shown(80) == [
        "Workloads",
        "  spin          xorshift chain         –           available",
        "  mix           holds for a share of   share=0.5,  available",
        "                the time, and          grain=1ms",
        "                releases for the rest",
        "                of it",
        "  interpreters  subinterpreters with   –           unavailable: needs",
        "                a GIL of their own                 CPython 3.12 or later",
    ]


def test_a_column_without_parameters_is_left_out() -> None:
    lines = catalogue_lines("Backends", LISTINGS[::2], Page(width=80, glyphs=UNICODE))
    assert [line.plain for line in lines] == [
        "Backends",
        "  spin          xorshift chain                       available",
        "  interpreters  subinterpreters with a GIL of their  unavailable: needs",
        "                own                                  CPython 3.12 or later",
    ]


def test_a_narrow_page_gets_a_list() -> None:
    assert shown(40)[:7] == [
        "Workloads",
        "  spin",
        "    xorshift chain",
        "    available",
        "  mix",
        "    holds for a share of the time, and",
        "    releases for the rest of it",
    ]
    assert shown(40)[-2:] == ["    unavailable: needs CPython 3.12 or", "    later"]


def test_ascii_stays_within_ascii() -> None:
    listing = Listing(name="triad", summary="24 B · unit", parameters="", unavailable=None)
    lines = catalogue_lines("Workloads", [listing], Page(width=80, glyphs=ASCII))
    assert "\n".join(line.plain for line in lines).isascii()
