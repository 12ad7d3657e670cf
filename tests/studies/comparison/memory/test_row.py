from __future__ import annotations

from typing import Any

from comparisons import NEEDS_312, make_plan
from gilbench import quantities
from gilbench.comparison import Cell, Outcome, Row, Trial, Way
from gilbench.studies.comparison.memory import MEMORY
from gilbench.studies.comparison.rows import ROWS

from .conftest import absent, array, copying, cost, sight, usual


def found(*trials: Trial, **changed: Any) -> Row:
    return MEMORY.find(make_plan(rows=("memory",), **changed), trials)


def said(cell: Cell) -> str:
    if cell.figure is not None:
        return quantities.format(cell.figure.value, cell.figure.unit)
    return cell.words or cell.unavailable or ""


def test_it_is_in_the_table() -> None:
    assert ROWS["memory"] is MEMORY


def test_the_columns_are_what_each_further_worker_shares_with_nobody() -> None:
    row = found(*usual())
    assert [said(cell) for cell in row.columns.values()] == [
        "24 KiB",
        "3.12 MiB",
        "2.64 MiB",
        "2.83 MiB",
        "6.35 MiB",
    ]
    assert row.columns[Way.FORK].ratio == 2700 / 24
    assert row.holds is Outcome.HOLDS


def test_further_lines_tell_the_other_sizes_and_what_is_seen() -> None:
    facts = {
        fact.name: [said(cell) for cell in fact.columns.values()]
        for fact in found(*usual()).evidence.facts
    }
    assert facts == {
        "memory of a further worker, PSS, with its part of what is shared": [
            *("26 KiB", "3.22 MiB", "2.93 MiB", "3.12 MiB", "6.84 MiB")
        ],
        "memory of a further worker, RSS, with all that is shared": [
            *("30 KiB", "3.32 MiB", "16.6 MiB", "10.7 MiB", "13.2 MiB")
        ],
        "what one writes to a global variable is seen by another": ["yes", *["no"] * 4],
        "what one writes to shared_memory is seen by another": ["yes"] * 5,
    }


def test_reasons_stand_where_figures_lack() -> None:
    row = found(
        absent("cost", Way.INTERPRETER, NEEDS_312),
        absent("sight", Way.INTERPRETER, NEEDS_312),
        sight(Way.FORK, 3, None),
        cost(Way.FORK, words={"no_pss": "unheard"}),
    )
    assert row.columns[Way.INTERPRETER] == Cell(unavailable=NEEDS_312)
    assert row.columns[Way.SPAWN] == Cell()
    *_, seen, blocks = row.evidence.facts
    assert seen.columns[Way.INTERPRETER] == Cell(unavailable=NEEDS_312)
    assert seen.columns[Way.FORK] == Cell(words="3 of 8")
    assert blocks.columns[Way.FORK] == Cell(unavailable="no blocks here")


def test_tables_tell_what_is_unshared_and_what_is_saved() -> None:
    copies, arrays = found(*usual()).evidence.tables
    assert copies.title == "What a forked worker un-shares of 20 MiB of its parent's objects"
    assert [(line.label, [said(cell) for cell in line.cells]) for line in copies.lines] == [
        ("as they are", ["0 %", "90 %", "87 %"]),
        ("after gc.freeze()", ["0 %", "0 %", "86 %"]),
    ]
    assert arrays.title == "What an array of 32 MiB takes in each worker that reads it"
    assert [(line.label, [said(cell) for cell in line.cells]) for line in arrays.lines] == [
        ("thread", ["0 B", "0 B", "0 %"]),
        ("interpreter", ["32 MiB", "3 MiB", "90.6 %"]),
        ("fork", ["102 KiB", "307 KiB", "0 %"]),
        ("forkserver", ["32 MiB", "1.4 MiB", "95.6 %"]),
        ("spawn", ["32 MiB", "819 KiB", "97.5 %"]),
    ]


def test_an_array_without_a_block_says_why() -> None:
    (arrays,) = found(
        array(Way.INTERPRETER, 32, None), absent("array", Way.FORK, "no fork")
    ).evidence.tables
    assert [[said(cell) for cell in line.cells] for line in arrays.lines] == [
        ["32 MiB", "no blocks here", "no blocks here"],
        ["no fork"] * 3,
    ]


def test_imports_have_their_lines_and_the_fork_a_table() -> None:
    trials = [
        *(cost(way, (50, 60, 70), imports="json") for way in Way),
        cost(Way.FORK, (1, 2, 3), imports="json", before=True),
    ]
    row = found(*usual(), *trials, imports=("json",))
    names = [fact.name for fact in row.evidence.facts if "import" in fact.name]
    assert names == [
        "the same after import json: USS, shared with nobody",
        "the same after import json: PSS, with its part of what is shared",
        "the same after import json: RSS, with all that is shared",
    ]
    laden = row.evidence.facts[2]
    assert {said(cell) for cell in laden.columns.values()} == {"50 KiB"}
    table = row.evidence.tables[-1]
    assert table.headings == ("USS", "PSS", "RSS")
    assert [(line.label, [said(cell) for cell in line.cells]) for line in table.lines] == [
        ("idle", ["2.64 MiB", "2.93 MiB", "16.6 MiB"]),
        ("imported by the worker", ["50 KiB", "60 KiB", "70 KiB"]),
        ("imported by its parent, before", ["1 KiB", "2 KiB", "3 KiB"]),
    ]


def test_notes_say_what_was_too_large_once() -> None:
    short = {"short": "70 MiB of memory was left after 2 workers"}
    trials = [cost(Way.SPAWN, workers=2, round=round, words=short) for round in range(2)]
    notes = found(*trials, copying(), quick=True).evidence.notes
    assert [note for note in notes if "70 MiB" in note] == [
        "spawn, cost: 70 MiB of memory was left after 2 workers."
    ]
    assert any("memory of 1 to 2 workers" in note for note in notes)
    assert any(note.startswith("Quick: ") for note in notes)
    assert found(copying()).evidence.notes == ()
