from __future__ import annotations

from typing import Any

import pytest

from comparisons import NEEDS_312, make_plan
from gilbench import quantities
from gilbench.comparison import Cell, Outcome, Row, Trial, Way
from gilbench.studies.comparison.creation import CREATION
from gilbench.studies.comparison.rows import ROWS

from .conftest import absent, cycle, growth, steady, task, usual


def found(*trials: Trial, **changed: Any) -> Row:
    return CREATION.find(make_plan(rows=("creation",), **changed), trials)


def said(cell: Cell) -> str:
    if cell.figure is not None:
        return quantities.format(cell.figure.value, cell.figure.unit)
    return cell.words or cell.unavailable or ""


def test_it_is_in_the_table() -> None:
    assert ROWS["creation"] is CREATION


def test_the_columns_are_a_start_and_a_join() -> None:
    row = found(*usual())
    assert [said(cell) for cell in row.columns.values()] == [
        *("42 us", "14 ms", "2.2 ms", "2.3 ms", "25.6 ms")
    ]
    assert row.columns[Way.FORK].ratio == 2_200 / 42
    assert row.columns[Way.THREAD].figure is not None
    assert row.columns[Way.THREAD].figure.low is not None
    assert row.holds is Outcome.HOLDS


def test_further_lines_tell_all_that_was_timed() -> None:
    facts = {
        fact.name: [said(cell) for cell in fact.columns.values()]
        for fact in found(*usual()).evidence.facts
    }
    assert facts == {
        "time to start": ["40 us", "12 ms", "700 us", "900 us", "600 us"],
        "time to join one with nothing to do": ["2 us", "2 ms", "1.5 ms", "1.4 ms", "25 ms"],
        "rate, started and joined one after the other": [
            *("23.8 k/s", "71.4 /s", "455 /s", "435 /s", "39.1 /s")
        ],
        "time from start to the first task done": [
            *("45 us", "12.5 ms", "1.6 ms", "2.6 ms", "25.5 ms")
        ],
        "time of a task in a warm pool": ["18 us", "34 us", "80 us", "90 us", "90 us"],
        "growth of the parent over 100 creations": ["64 KiB"] * 5,
    }


@pytest.mark.parametrize(
    ("thread", "fork", "ratio"), [(1024, 2560, 2.5), (0, 2560, None), (1024, -1024, None)]
)
def test_growth_is_beside_that_of_threads(thread: float, fork: float, ratio: float | None) -> None:
    row = found(growth(Way.THREAD, [0, thread]), growth(Way.FORK, [2048, 2048 + fork]))
    columns = row.evidence.facts[-1].columns
    assert said(columns[Way.FORK]) != ""
    assert (columns[Way.THREAD].ratio, columns[Way.FORK].ratio) == (None, ratio)


def test_reasons_stand_where_figures_lack() -> None:
    trials = [absent(name, Way.INTERPRETER, NEEDS_312) for name in ("cycle", "growth", "pool")]
    row = found(*trials)
    assert row.columns[Way.INTERPRETER] == Cell(unavailable=NEEDS_312)
    assert row.columns[Way.SPAWN] == Cell()
    facts = {fact.name: fact.columns for fact in row.evidence.facts}
    for name in ("time of a task in a warm pool", "growth of the parent over 100 creations"):
        assert facts[name][Way.INTERPRETER] == Cell(unavailable=NEEDS_312)


def test_imports_have_their_line_and_the_very_first_a_table() -> None:
    laden = [task(way, 90_000, imports="json") for way in (Way.THREAD, Way.SPAWN)]
    row = found(*usual(), *laden, imports=("json",))
    names = [fact.name for fact in row.evidence.facts]
    assert names.index("the same, import json") == 1 + names.index(
        "time from start to the first task done"
    )
    (firsts,) = row.evidence.tables
    assert firsts.headings == ("start and join", "first task done, import json")
    lines = {line.label: [said(cell) for cell in line.cells] for line in firsts.lines}
    assert lines["spawn"] == ["50 ms", "60 ms"]
    assert lines["fork"] == ["50 ms", ""]
    assert found(*usual(), quick=True).evidence.tables == ()


def test_notes_say_over_how_many_creations_it_was_seen() -> None:
    trials = cycle(Way.THREAD, 1, 1), steady(Way.SPAWN, 0, creations=15), steady(Way.FORK, 0)
    notes = found(*trials).evidence.notes
    assert [note for note in notes if note.startswith("Growth")] == [
        "Growth: for want of time it was seen over fewer creations, 15 with spawn, and is told as"
        " if it went on like that to 100."
    ]
    assert found(*trials).evidence.facts[-1].name == (
        "growth of the parent over 100 creations, reckoned from 15 with spawn"
    )
    assert found(steady(Way.FORK, 0)).evidence.notes == ()
