"""The confusion table, and what passes."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest


@pytest.fixture
def row(judgement: ModuleType, tally: ModuleType) -> Any:
    """Make a row of a truth, what was said, and the outcome."""

    def make(truth: str, said: str, outcome: str) -> Any:
        return tally.Row(
            run=1,
            name="f",
            truth=truth,
            sized=truth.startswith("threshold"),
            judgement=judgement.Judgement(outcome=judgement.Outcome(outcome), said=said),
            held_share=None,
            seconds=3.0,
        )

    return make


def test_rows_are_truths_and_columns_verdicts(tally: ModuleType, row: Any) -> None:
    rows = [
        row("releases", "releases", "true"),
        row("holds", "holds", "true"),
        row("holds", "holds", "true"),
        row("holds", "partial", "false"),
        row("releases", "error", "false"),
        row("threshold 2048", "2048", "true"),
    ]
    head, *lines = tally.confusion(rows).splitlines()
    columns = head.split()
    assert (columns[0], columns[-1]) == ("truth", "error")
    assert [line.split()[0] for line in lines] == ["holds", "releases"]
    holds, releases = (dict(zip(columns, line.split(), strict=True)) for line in lines)
    assert (holds["holds"], holds["partial"], holds["releases"]) == ("2", "1", ".")
    assert (releases["releases"], releases["error"]) == ("1", "1")


def test_all_are_counted(tally: ModuleType, row: Any) -> None:
    rows = [
        row("holds", "holds", "true"),
        row("holds", "inconclusive", "inconclusive"),
        row("threshold 2048", "about 4096", "false"),
        row("threshold 2048", "2048", "true"),
    ]
    counts = tally.tally(rows)
    assert (counts.checks, counts.false, counts.inconclusive) == (4, 1, 1)
    assert (counts.thresholds, counts.thresholds_found) == (2, 1)


@pytest.mark.parametrize(
    ("false", "inconclusive", "loaded", "passes"),
    [
        (0, 0, False, True),
        (0, 3, False, True),
        (0, 4, False, False),
        (0, 4, True, True),
        (1, 0, True, False),
    ],
)
def test_nothing_false_and_little_open_passes(
    tally: ModuleType, row: Any, false: int, inconclusive: int, loaded: bool, passes: bool
) -> None:
    rows = [row("holds", "partial", "false")] * false
    rows += [row("holds", "inconclusive", "inconclusive")] * inconclusive
    rows += [row("holds", "holds", "true")] * (100 - len(rows))
    assert tally.tally(rows).passes(loaded=loaded) is passes


def test_no_check_at_all_does_not_pass(tally: ModuleType) -> None:
    assert not tally.tally([]).passes(loaded=True)
