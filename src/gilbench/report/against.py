"""One worker here against one in an earlier run, as of another build."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench.labels import labels_of
from gilbench.report.figures import interval
from gilbench.report.layout import prose

if TYPE_CHECKING:
    from rich.text import Text

    from gilbench.model import Comparison, Findings, OneThreadCost
    from gilbench.report.page import Page

__all__ = ["against_lines"]

_APART: Final = "The runs were not measured at once: what changed in between is in no interval."


def against_lines(findings: Findings, page: Page) -> list[Text]:
    """Return what one worker costs here, workload by workload; empty without another run."""
    comparison = findings.against
    if comparison is None:
        return []
    spell = page.glyphs.spell
    heading = f"One thread on {comparison.this}, against {comparison.that}"
    lines = prose(spell(heading), page.width, style="bold", indent=2)
    for caution in comparison.cautions:
        told = spell(f"! {caution.what}: {caution.advice}")
        lines += prose(told, page.width, style="yellow", indent=2)
    workload = labels_of(findings.cases)
    for cost in comparison.costs:
        told = f"{workload(cost)}{_told(cost, comparison)}"
        lines += prose(spell(told), page.width, indent=2)
    return [*lines, *prose(_APART, page.width)]


def _told(cost: OneThreadCost, comparison: Comparison) -> str:
    if cost.ratio is None:
        return f": not compared: {cost.reason}"
    return f", one thread: {interval(cost.ratio)} of {comparison.rival}'s"
