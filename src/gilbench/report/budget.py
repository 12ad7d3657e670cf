"""The loss budget, as stacked bars drawn with characters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.text import Text

from gilbench.report.figures import percent
from gilbench.report.layout import flow, prose
from gilbench.report.losses import KINDS, budgets_of, heading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gilbench.model import Findings, Losses
    from gilbench.report.losses import Budget
    from gilbench.report.page import Page

__all__ = ["loss_budget"]


# Beside its bar, a budget needs room for its longest share; on a narrower page it goes below.
_BESIDE: Final = 50
_LONGEST_BAR: Final = 40


def loss_budget(findings: Findings, page: Page) -> list[Text]:
    """Return a bar of each budget, with its shares and a legend.

    Empty where no case has a budget.
    """
    budgets = budgets_of(findings)
    if not budgets:
        return []
    return [
        *prose(heading(budgets), page.width, style="bold"),
        *_bars(budgets, page),
        *_legend(budgets, page),
    ]


def _bars(budgets: Sequence[Budget], page: Page) -> list[Text]:
    label_width = max(Text(budget.label).cell_len for budget in budgets) + 2
    room = page.width - label_width
    if room < _BESIDE:
        return [line for budget in budgets for line in _stacked(budget, page)]
    bar_width = min(_LONGEST_BAR, room * 2 // 5)
    return [
        line
        for budget in budgets
        for line in _beside(budget, label_width=label_width, bar_width=bar_width, page=page)
    ]


def _beside(budget: Budget, *, label_width: int, bar_width: int, page: Page) -> list[Text]:
    left = Text(budget.label)
    left.append(" " * (label_width - left.cell_len))
    left.append_text(_bar(budget.losses, bar_width, page))
    margin = label_width + bar_width + 2
    left.append(" " * (margin - left.cell_len))
    first, *rest = flow(_shares(budget), page.width, start=margin, indent=margin)
    return [left.append_text(first[margin:]), *rest]


def _stacked(budget: Budget, page: Page) -> list[Text]:
    return [
        *prose(budget.label, page.width, indent=2),
        Text(" ").append_text(_bar(budget.losses, min(_LONGEST_BAR, page.width - 1), page)),
        *flow(_shares(budget), page.width, start=1, indent=1),
    ]


def _bar(losses: Losses, width: int, page: Page) -> Text:
    """The positive shares as runs of cells; each ends where their running sum, rounded, ends."""
    shares = [max(kind.share(losses) or 0.0, 0.0) for kind in KINDS]
    # Beside negative shares, the positive ones sum to more than the whole.
    scale = width / max(sum(shares), 1.0)
    bar = Text()
    reached = 0.0
    for kind, share in zip(KINDS, shares, strict=True):
        reached += share
        bar.append(page.glyphs.fills[kind.field] * (round(reached * scale) - len(bar)), kind.style)
    return bar


def _shares(budget: Budget) -> list[Text]:
    """The shares that do not round to nothing, then the names of those that are null."""
    pieces: list[str] = []
    missing: list[str] = []
    for kind in KINDS:
        share = kind.share(budget.losses)
        inferred = budget.inferred and kind.field == "gil_wait"
        if share is None:
            missing.append(f"{kind.label},")
        elif round(share * 100):
            figure = f"{kind.label} {percent(share)}"
            pieces += [figure, "(inferred),"] if inferred else [f"{figure},"]
    if missing:
        pieces += ["not measurable:", *missing]
    return [Text(piece) for piece in _without_last_comma(pieces)]


def _legend(budgets: Sequence[Budget], page: Page) -> list[Text]:
    drawn = [
        kind
        for kind in KINDS
        if any(round((kind.share(budget.losses) or 0.0) * 100) > 0 for budget in budgets)
    ]
    labels = _without_last_comma([f"{kind.label}," for kind in drawn])
    return flow(
        (
            Text.assemble((page.glyphs.fills[kind.field], kind.style), " ", label)
            for kind, label in zip(drawn, labels, strict=True)
        ),
        page.width,
    )


def _without_last_comma(pieces: list[str]) -> list[str]:
    return [*pieces[:-1], *(piece.removesuffix(",") for piece in pieces[-1:])]
