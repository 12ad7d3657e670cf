from __future__ import annotations

import pytest

from comparisons import figure, full_row, make_row
from gilbench.comparison import Cell, Outcome, Row, Unit, Way
from gilbench.studies.comparison.headline import headline


def row(name: str, holds: Outcome, spawn: float | None = None) -> Row:
    """A row whose thread took 100 us, and a spawned process so many times as long."""
    columns = {Way.THREAD: Cell(figure=figure(100_000))}
    if spawn is not None:
        columns[Way.SPAWN] = Cell(figure=figure(100_000 * spawn), ratio=spawn)
    return make_row(name, holds=holds, columns=columns)


def test_all_kinds_of_outcome_are_counted_and_named() -> None:
    rows = [
        row("memory", Outcome.HOLDS),
        row("gil", Outcome.DOES_NOT_HOLD),
        row("creation", Outcome.HOLDS),
        row("crash", Outcome.DEPENDS),
        row("races", Outcome.DEPENDS),
        row("io-bound", Outcome.INCONCLUSIVE),
    ]
    assert headline(rows) == (
        "Of 6 claims 2 hold here, 1 does not (gil), 2 depend (crash, races) and 1 is inconclusive"
        " (io-bound)."
    )


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [
        ([Outcome.HOLDS], "The one claim holds here."),
        ([Outcome.DEPENDS], "Of one claim none holds here and 1 depends (row 0)."),
        ([Outcome.HOLDS] * 2, "Of 2 claims 2 hold here."),
        ([Outcome.HOLDS, Outcome.DEPENDS], "Of 2 claims 1 holds here and 1 depends (row 1)."),
        ([Outcome.DOES_NOT_HOLD] * 2, "Of 2 claims none holds here and 2 do not (row 0, row 1)."),
        (
            [Outcome.INCONCLUSIVE] * 2,
            "Of 2 claims none holds here and 2 are inconclusive (row 0, row 1).",
        ),
    ],
)
def test_few_claims_are_told_in_good_english(outcomes: list[Outcome], said: str) -> None:
    assert headline([row(f"row {index}", each) for index, each in enumerate(outcomes)]) == said


def test_further_claims_of_a_row_count_and_the_row_is_named_once() -> None:
    depends = full_row()
    assert headline([depends]).startswith(
        "Of 2 claims none holds here, 1 does not (memory) and 1 depends (memory)"
    )
    twice = make_row("memory", holds=Outcome.DOES_NOT_HOLD, evidence=depends.evidence)
    assert headline([twice]).startswith("Of 2 claims none holds here and 2 do not (memory);")


def test_a_share_that_comes_by_chance_is_no_gap() -> None:
    lost = {
        Way.THREAD: Cell(figure=figure(0.0001, Unit.SHARE)),
        Way.FORK: Cell(figure=figure(0.5, Unit.SHARE), ratio=5000),
    }
    assert headline([make_row("races", columns=lost)]) == "The one claim holds here."


def test_the_widest_gap_is_told() -> None:
    rows = [
        row("creation", Outcome.HOLDS, 1270.4),
        row("crash", Outcome.HOLDS, 20.0),
        row("gil", Outcome.HOLDS),
    ]
    assert headline(rows) == (
        "Of 3 claims 3 hold here; the widest gap is in creation, time to start and to join: 127 ms"
        " with a spawned process, 100 us with a thread (1270 times as much)."
    )


def test_a_gap_downwards_is_one_too() -> None:
    rows = [row("creation", Outcome.HOLDS, 2.0), row("communication", Outcome.HOLDS, 0.01)]
    assert headline(rows).endswith(
        "1 us with a spawned process, 100 us with a thread (1/100 as much)."
    )


@pytest.mark.parametrize("ratio", [1.4, 0.7, 0.0, -3.0])
def test_what_is_no_gap_is_not_told(ratio: float) -> None:
    assert headline([row("gil", Outcome.HOLDS, ratio)]) == "The one claim holds here."


def test_no_rows_are_no_claims() -> None:
    assert headline([]) == "Of 0 claims none holds here."


def test_a_gap_has_the_unit_of_its_row() -> None:
    columns = {
        Way.THREAD: Cell(figure=figure(2**20, Unit.BYTES)),
        Way.FORK: Cell(figure=figure(2**23, Unit.BYTES), ratio=8.0),
    }
    said = headline([make_row("memory", columns=columns)])
    assert "8 MiB with a forked process, 1 MiB with a thread (8.00 times as much)" in said
