"""The table of speedups: a row per workload and worker count, a column per way of running."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rich.text import Text

from gilbench.model import Mode
from gilbench.report.cells import case_cell, ceiling_cell
from gilbench.report.footnotes import Footnotes
from gilbench.report.layout import columns, flow, natural_width, prose
from gilbench.report.ways import Way, title, ways_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gilbench.model import CaseFinding, Findings
    from gilbench.report.page import Page

__all__ = ["speedup_table"]


# One worker of any other backend may be there only because a ceiling is measured from it.
_NEVER_BASES: Final = frozenset({"threads", "interpreters"})


@dataclass(frozen=True, kw_only=True)
class _Row:
    workload: str
    workers: int
    cases: tuple[CaseFinding, ...]

    def case(self, way: Way) -> CaseFinding | None:
        return next((case for case in self.cases if way.ran(case)), None)


def speedup_table(findings: Findings, page: Page) -> list[Text]:
    """Return the table with its caption and footnotes; a list where the page is too narrow."""
    rows = _rows(findings.cases)
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
        *_caption(rows, page),
        Text(),
        *_table_or_list(rows, [*titles, "ceiling"], contents, page),
        *_legend(rows, ways, page),
        *footnotes.lines(page),
    ]


def _rows(cases: Sequence[CaseFinding]) -> list[_Row]:
    """A row of one worker stands only where it was asked for, and is not just what bases need."""
    grouped: dict[str, dict[int, list[CaseFinding]]] = {}
    for case in cases:
        grouped.setdefault(case.workload, {}).setdefault(case.workers, []).append(case)
    return [
        _Row(workload=workload, workers=workers, cases=tuple(by_workers[workers]))
        for workload, by_workers in grouped.items()
        for workers in sorted(by_workers)
        if workers > 1
        or max(by_workers) == 1
        or any(case.backend in _NEVER_BASES for case in by_workers[workers])
    ]


def _counts(rows: Sequence[_Row]) -> list[int]:
    return sorted({row.workers for row in rows})


def _workers(count: int) -> str:
    return "1 worker" if count == 1 else f"{count} workers"


def _caption(rows: Sequence[_Row], page: Page) -> list[Text]:
    counts = _counts(rows)
    who = _workers(counts[0]) if len(counts) == 1 else "several workers"
    return prose(
        f"Speedup of {who} over serial, {page.glyphs.plus_minus} half its 95 % interval. "
        "Bite: the share of the ceiling, which is what the hardware offers, that it leaves.",
        page.width,
    )


def _table_or_list(
    rows: Sequence[_Row], titles: Sequence[str], contents: Sequence[list[list[Text]]], page: Page
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
    rows: Sequence[_Row],
    titles: Sequence[str],
    contents: Sequence[list[list[Text]]],
    name: Callable[[str], list[str]],
) -> list[list[list[Text]]]:
    several = len(_counts(rows)) > 1
    header = [["workload"], *([["workers"]] if several else []), *map(_broken, titles)]
    body = [
        [
            [Text(line) for line in name(row.workload)],
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
    rows: Sequence[_Row], titles: Sequence[str], contents: Sequence[list[list[Text]]], page: Page
) -> list[Text]:
    lines = []
    for row, cells in zip(rows, contents, strict=True):
        lines += flow([Text(f"{row.workload},", "bold"), Text(_workers(row.workers))], page.width)
        for way, cell in zip(titles, cells, strict=True):
            lines += flow([Text(f"{way}:"), *_listed(cell)], page.width, start=2, indent=4)
    return lines


def _listed(cell: Sequence[Text]) -> list[Text]:
    *front, last = cell
    return [*(Text.assemble(line, ",") for line in front), last]


def _legend(rows: Sequence[_Row], ways: Sequence[Way], page: Page) -> list[Text]:
    missing = [way for row in rows for way in ways if row.case(way) is None]
    if not missing:
        return []
    text = f"{page.glyphs.none} not run"
    if any(way.mode is Mode.RELEASE for way in missing):
        text += ": a workload that cannot detach has one mode only"
    return prose(text, page.width, indent=2)
