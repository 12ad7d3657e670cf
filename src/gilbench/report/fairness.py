"""Which threads were served unevenly, or shut out for long: said only where it is so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench import durations
from gilbench.report.layout import prose
from gilbench.report.losses import budgets_of

if TYPE_CHECKING:
    from rich.text import Text

    from gilbench.model import Fairness, Findings
    from gilbench.report.page import Page

__all__ = ["fairness_lines"]

# A fifth less than its share is more than chance deals out over the slices of a window.
_UNEVEN: Final = 0.8
# Two switch intervals. Whoever waits for an answer begins to notice not far above.
_LONG_NS: Final = 10_000_000


def fairness_lines(findings: Findings, page: Page) -> list[Text]:
    """Return a line for each loss budget whose workers were not served alike."""
    return [
        line
        for budget in budgets_of(findings)
        if budget.fairness is not None and _matters(budget.fairness)
        for line in prose(f"{budget.label}: {_told(budget.fairness)}", page.width, indent=2)
    ]


def _matters(fairness: Fairness) -> bool:
    return fairness.least < _UNEVEN or (fairness.longest_lockout_ns or 0) >= _LONG_NS


def _told(fairness: Fairness) -> str:
    told = f"least served worker did {fairness.least:.2f} of its share, most {fairness.most:.2f}"
    if fairness.longest_lockout_ns is None:
        return told
    return f"{told}; longest lock-out {durations.format(_rounded(fairness.longest_lockout_ns))}"


def _rounded(ns: int) -> int:
    """To whole milliseconds, or microseconds below one: the digits after are chance."""
    unit = 1_000_000 if ns >= 1_000_000 else 1000
    return round(ns / unit) * unit
