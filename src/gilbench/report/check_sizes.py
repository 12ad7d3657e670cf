"""What a check found at each size, where that changes, and from which size on threads pay off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from gilbench import durations
from gilbench.report import figures
from gilbench.report.check_words import verdict_style, words_for
from gilbench.report.footnotes import Footnotes
from gilbench.report.layout import columns, flow, natural_width, prose
from gilbench.report.snippet import escaped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gilbench.evidence import CheckFindings, SizeFinding, Threshold
    from gilbench.report.glyphs import Glyphs
    from gilbench.report.page import Page

__all__ = ["size_table", "threshold_lines"]


def size_table(findings: CheckFindings, page: Page) -> list[Text]:
    """Return a row per size with its caption; a list where the page is too narrow.

    Empty for a check without sizes.
    """
    sizes = findings.sizes
    if not sizes:
        return []
    footnotes = Footnotes()
    titles = ("n", "verdict", words_for(findings).share, "time per call", "two threads")
    longest = max(len(str(size.size)) for size in sizes)
    rows = [
        [Text(str(size.size).rjust(longest)), *_cells(size, page.glyphs, footnotes)]
        for size in sizes
    ]
    caption = f"{page.glyphs.plus_minus} the wider half of its 95 % interval."
    table = [[Text(title, "bold") for title in titles], *rows]
    lines = _ruled([[[cell] for cell in row] for row in table], page)
    return [
        *prose(f"By size, each figure {caption} Two threads: their speedup over one.", page.width),
        Text(),
        *(lines or _list(titles, rows, page)),
        *_legend(sizes, page),
        *footnotes.lines(page),
    ]


def threshold_lines(findings: CheckFindings, page: Page) -> list[Text]:
    """Return the size where the verdict changes, then the one from which two threads pay off.

    Empty where that was not asked.
    """
    threshold, sizes = findings.threshold, findings.sizes
    if threshold is None or not sizes:
        return []
    told = (_change(threshold, sizes), _gain(threshold, sizes))
    return [line for each in told for line in prose(each, page.width, style="bold")]


def _cells(size: SizeFinding, glyphs: Glyphs, footnotes: Footnotes) -> Iterator[Text]:
    mark = "" if size.reason is None else f" {footnotes.mark(escaped(size.reason))}"
    yield Text(f"{size.verdict}{mark}", verdict_style(size.verdict))
    yield Text(glyphs.none if size.held_share is None else figures.share(size.held_share, glyphs))
    yield Text(durations.format(size.call_ns))
    yield Text(glyphs.none if size.threads is None else figures.speedup(size.threads, glyphs))


def _ruled(table: Sequence[Sequence[Sequence[Text]]], page: Page) -> list[Text]:
    """The table with a rule under its head; nothing where it is too wide."""
    width = natural_width(table)
    if width > page.width:
        return []
    head, *body = columns(table)
    return [head, Text(page.glyphs.rule * width), *body]


def _list(titles: Sequence[str], rows: Sequence[Sequence[Text]], page: Page) -> list[Text]:
    lines = []
    for number, verdict, *rest in rows:
        first = Text.assemble("n = ", number.plain.lstrip(), ":")
        lines += flow([first, verdict], page.width, indent=2)
        for title, cell in zip(titles[2:], rest, strict=True):
            lines += flow([Text(f"{title}:"), cell], page.width, start=2, indent=4)
    return lines


def _legend(sizes: Sequence[SizeFinding], page: Page) -> list[Text]:
    if all(size.held_share and size.threads for size in sizes):
        return []
    return prose(f"{page.glyphs.none} not measured", page.width, indent=2)


def _change(threshold: Threshold, sizes: Sequence[SizeFinding]) -> str:
    before, after = threshold.before, threshold.size
    if before is None or after is None:
        verdicts = {size.verdict for size in sizes}
        what = f": {verdicts.pop()}" if len(verdicts) == 1 else ""
        return f"No threshold from n = {sizes[0].size} to n = {sizes[-1].size}{what}."
    told = (
        f"Threshold: {threshold.verdict_before} up to n = {before}, "
        f"{threshold.verdict_after} from n = {after} on"
    )
    return f"{told}." if threshold.sharp else f"{told}; the change lies between the two."


def _gain(threshold: Threshold, sizes: Sequence[SizeFinding]) -> str:
    if threshold.pays_from is not None:
        return f"Two threads are faster than one from n = {threshold.pays_from} on."
    if all(size.threads is None for size in sizes):
        return "Whether two threads are faster than one was not measured."
    return "Two threads are faster than one at none of these sizes."
