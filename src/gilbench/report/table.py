"""The table of speedups: a row per workload and worker count, a column per way of running."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.text import Text

from gilbench.model import Mode
from gilbench.report.cells import case_cell, ceiling_cell
from gilbench.report.footnotes import Footnotes
from gilbench.report.layout import columns, flow, natural_width, prose
from gilbench.report.rows import counts_of, rows_of, workers
from gilbench.report.ways import title, ways_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gilbench.model import Findings
    from gilbench.report.page import Page
    from gilbench.report.rows import Row
    from gilbench.report.ways import Way

__all__ = ["caption", "legend", "speedup_table"]


def speedup_table(findings: Findings, page: Page) -> list[Text]:
    """Return the table with its caption and footnotes; a list where the page is too narrow."""
    rows = rows_of(findings.cases)
    if not rows:
        return [Text("No case was measured.")]
    ways = ways_of(case for row in rows for case in row.cases)
    footnotes = Footnotes()
    titles = [title(way, findings.environment) for way in ways]
    contents = [
        [case_cell(row.case(way), page.glyphs, footnotes) for way in ways]
        + [ceiling_cell(row.cases, page.glyphs, footnotes)]
        for row in rows
    ]
    return [
        *caption(rows, page),
        Text(),
        *_table_or_list(rows, [*titles, "ceiling"], contents, page),
        *legend(rows, ways, page),
        *footnotes.lines(page),
    ]


def caption(rows: Sequence[Row], page: Page) -> list[Text]:
    """Return what the figures of the table are."""
    counts = counts_of(rows)
    who = workers(counts[0]) if len(counts) == 1 else "several workers"
    return prose(
        f"Speedup of {who} over serial, {page.glyphs.plus_minus} the wider half of its "
        "95 % interval. Bite: the share of the ceiling, which is what the hardware offers, "
        "that it leaves.",
        page.width,
    )


def _table_or_list(
    rows: Sequence[Row], titles: Sequence[str], contents: Sequence[list[list[Text]]], page: Page
) -> list[Text]:
    for name in (_whole, _broken):
        table = _table(rows, titles, contents, name)
        if natural_width(table) <= page.width:
            lines = columns(table)
            rule = Text(page.glyphs.rule * natural_width(table))
            header = max(len(cell) for cell in table[0])
            return [*lines[:header], rule, *lines[header:]]
    return _list(rows, titles, contents, page)


def _table(
    rows: Sequence[Row],
    titles: Sequence[str],
    contents: Sequence[list[list[Text]]],
    name: Callable[[str], list[str]],
) -> list[list[list[Text]]]:
    several = len(counts_of(rows)) > 1
    header = [["workload"], *([["workers"]] if several else []), *map(_broken, titles)]
    body = [
        [
            [Text(line) for line in name(row.label)],
            *([[Text(str(row.workers))]] if several else []),
            *cells,
        ]
        for row, cells in zip(rows, contents, strict=True)
    ]
    return [[[Text(line, "bold") for line in cell] for cell in header], *body]


def _whole(name: str) -> list[str]:
    return [name]


def _broken(name: str) -> list[str]:
    """`mix:share=0.5,grain=1ms` and `threads, holding` on several lines, cut after `:` and `,`."""
    return [part.strip() for part in re.split(r"(?<=[:,])", name) if part.strip()]


def _list(
    rows: Sequence[Row], titles: Sequence[str], contents: Sequence[list[list[Text]]], page: Page
) -> list[Text]:
    lines = []
    for row, cells in zip(rows, contents, strict=True):
        lines += flow([Text(f"{row.label},", "bold"), Text(workers(row.workers))], page.width)
        for way, cell in zip(titles, cells, strict=True):
            lines += flow([Text(f"{way}:"), *_listed(cell)], page.width, start=2, indent=4)
    return lines


def _listed(cell: Sequence[Text]) -> list[Text]:
    *front, last = cell
    return [*(Text.assemble(line, ",") for line in front), last]


def legend(rows: Sequence[Row], ways: Sequence[Way], page: Page) -> list[Text]:
    """Return what a dash in the table means; nothing where there is none."""
    missing = [way for row in rows for way in ways if row.case(way) is None]
    if not missing:
        return []
    text = f"{page.glyphs.none} not run"
    if any(way.mode is Mode.RELEASE for way in missing):
        text += ": a workload that cannot detach has one mode only"
    return prose(text, page.width, indent=2)
