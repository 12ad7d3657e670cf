"""The loss budget of threads, as stacked bars drawn with characters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rich.text import Text

from gilbench.report.figures import percent
from gilbench.report.layout import flow, prose
from gilbench.report.ways import Way, title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gilbench.model import CaseFinding, Findings, Losses
    from gilbench.report.page import Page

__all__ = ["loss_budget"]


@dataclass(frozen=True, kw_only=True)
class _Kind:
    field: str
    label: str
    style: str

    def share(self, losses: Losses) -> float | None:
        share: float | None = getattr(losses, self.field)
        return share


_KINDS: Final = (
    _Kind(field="useful", label="useful", style="green"),
    _Kind(field="hardware", label="hardware", style="blue"),
    _Kind(field="overhead", label="overhead", style="magenta"),
    _Kind(field="gil_wait", label="GIL wait", style="red"),
    _Kind(field="run_queue", label="run queue", style="yellow"),
    _Kind(field="other_blocked", label="other blocked", style="cyan"),
    _Kind(field="imbalance", label="imbalance", style="bright_blue"),
    _Kind(field="unexplained", label="unexplained", style="bright_black"),
)

# Beside its bar, a budget needs room for its longest share; on a narrower page it goes below.
_BESIDE: Final = 50
_LONGEST_BAR: Final = 40


@dataclass(frozen=True, kw_only=True)
class _Budget:
    label: str
    losses: Losses
    inferred: bool


def loss_budget(findings: Findings, page: Page) -> list[Text]:
    """Return a bar of each threads case at its largest worker count, with its shares and a legend.

    Empty where no threads case has a budget.
    """
    cases = _largest(findings.cases)
    budgets = [
        _Budget(
            label=f"{case.workload}, {_mode(case, findings)}",
            losses=case.losses,
            inferred=case.losses_inferred,
        )
        for case in cases
        if case.losses is not None
    ]
    if not budgets:
        return []
    return [
        *prose("Where the time of the threads went", page.width, style="bold"),
        *_bars(budgets, page),
        *_legend(budgets, page),
    ]


def _largest(cases: Sequence[CaseFinding]) -> list[CaseFinding]:
    largest: dict[tuple[str, str], CaseFinding] = {}
    for case in cases:
        if case.backend == "threads":
            key = (case.workload, case.mode)
            if key not in largest or largest[key].workers < case.workers:
                largest[key] = case
    return list(largest.values())


def _mode(case: CaseFinding, findings: Findings) -> str:
    way = Way(backend=case.backend, mode=case.mode)
    return title(way, findings.environment).removeprefix("threads, ")


def _bars(budgets: Sequence[_Budget], page: Page) -> list[Text]:
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


def _beside(budget: _Budget, *, label_width: int, bar_width: int, page: Page) -> list[Text]:
    left = Text(budget.label)
    left.append(" " * (label_width - left.cell_len))
    left.append_text(_bar(budget.losses, bar_width, page))
    margin = label_width + bar_width + 2
    left.append(" " * (margin - left.cell_len))
    first, *rest = flow(_shares(budget), page.width, start=margin, indent=margin)
    return [left.append_text(first[margin:]), *rest]


def _stacked(budget: _Budget, page: Page) -> list[Text]:
    return [
        *prose(budget.label, page.width, indent=2),
        Text(" ").append_text(_bar(budget.losses, min(_LONGEST_BAR, page.width - 1), page)),
        *flow(_shares(budget), page.width, start=1, indent=1),
    ]


def _bar(losses: Losses, width: int, page: Page) -> Text:
    """The positive shares as runs of cells; each ends where their running sum, rounded, ends."""
    shares = [max(kind.share(losses) or 0.0, 0.0) for kind in _KINDS]
    # Beside negative shares, the positive ones sum to more than the whole.
    scale = width / max(sum(shares), 1.0)
    bar = Text()
    reached = 0.0
    for kind, share in zip(_KINDS, shares, strict=True):
        reached += share
        bar.append(page.glyphs.fills[kind.field] * (round(reached * scale) - len(bar)), kind.style)
    return bar


def _shares(budget: _Budget) -> list[Text]:
    """The shares that do not round to nothing, then the names of those that are null."""
    pieces: list[str] = []
    missing: list[str] = []
    for kind in _KINDS:
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


def _legend(budgets: Sequence[_Budget], page: Page) -> list[Text]:
    drawn = [
        kind
        for kind in _KINDS
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
