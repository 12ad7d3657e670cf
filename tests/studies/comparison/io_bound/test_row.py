from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from comparisons import make_plan
from gilbench.comparison import ROW_NAMES, Outcome, Unit, Way
from gilbench.studies.comparison.io_bound import IO_BOUND
from gilbench.studies.comparison.io_bound.kinds import HTTPX, SQLITE
from gilbench.studies.comparison.rows import ROWS

from .conftest import PLAN, PROCESS, absent, all_ways, asked, done

if TYPE_CHECKING:
    from gilbench.comparison import Row

NEEDS = "a GIL for each interpreter needs Python 3.12 or later"


def found() -> Row:
    trials = [trial for trial in all_ways() if trial.way is not Way.INTERPRETER]
    return IO_BOUND.find(PLAN, [*trials, absent(Way.INTERPRETER, NEEDS)])


def test_it_is_a_row_of_the_table() -> None:
    assert ROWS["io-bound"] is IO_BOUND
    assert IO_BOUND.name in ROW_NAMES


def test_the_row_tells_the_answers_that_all_workers_get_by_way() -> None:
    row = found()
    assert row.fact == "requests of 8 workers, HTTP, 5 ms"
    thread, spawned = row.columns[Way.THREAD], row.columns[Way.SPAWN]
    assert thread.figure is not None
    assert thread.figure.unit is Unit.PER_SECOND
    assert thread.figure.low is not None
    assert thread.ratio is None
    assert spawned.ratio == pytest.approx(1)
    assert row.columns[Way.INTERPRETER].unavailable == NEEDS
    assert row.holds is Outcome.HOLDS
    assert set(row.columns) == set(Way)


def test_further_facts_are_by_way_too_and_blank_where_one_method_stands_for_all() -> None:
    facts = {fact.name: fact.columns for fact in found().evidence.facts}
    assert list(facts)[:3] == [
        "99th percentile of a request",
        "CPU time of a request",
        "request of 2 workers, beside one that computes",
    ]
    queries = facts["8 workers, SQLite, 10 % writes"]
    assert queries[PROCESS].figure is not None
    (other, *_) = {Way.FORK, Way.FORKSERVER, Way.SPAWN} - {PROCESS}
    assert (queries[other].figure, queries[other].unavailable) == (None, None)
    assert not [name for name in facts if "PostgreSQL" in name]


def test_tables_are_by_number_of_workers_with_asyncio_beside() -> None:
    requests, slow, cpu, beside = found().evidence.tables
    assert requests.headings[0] == "threads"
    assert requests.headings[-1] == "asyncio"
    assert len(requests.headings) == 4
    for table in (requests, slow, cpu):
        labels = [line.label for line in table.lines]
        assert labels[:4] == [f"HTTP, 5 ms: {count}" for count in (1, 2, 4, 8)]
        assert "HTTP by sockets, 25 ms: 32" in labels
        assert all(len(line.cells) == 4 for line in table.lines)
    one, *_ = requests.lines
    assert one.cells[0].figure is not None
    assert one.cells[1].unavailable == NEEDS
    assert len(beside.lines) == 8
    assert beside.lines[1].label == "HTTP, 5 ms: median, beside it"


def test_what_was_said_of_a_kind_stands_in_its_cell_and_in_the_notes() -> None:
    trials = [
        done(Way.THREAD, words={HTTPX: "httpx is not installed: pip install it"}),
        done(PROCESS, words={SQLITE: "crashes"}),
    ]
    row = IO_BOUND.find(PLAN, trials)
    assert "Not asked by httpx: httpx is not installed: pip install it." in row.evidence.notes
    facts = {fact.name: fact.columns for fact in row.evidence.facts}
    # It has figures all the same here; a crew that lacks it has none.
    assert facts["8 workers, SQLite, 10 % writes"][PROCESS].figure is not None


@pytest.mark.parametrize(("words", "told"), [("on", 1), ("off", 0), (None, 0)])
def test_how_the_gil_is_waited_for_is_told_where_there_is_one(words: str | None, told: int) -> None:
    changed = {"words": {} if words is None else {"gil": words}}
    trials = all_ways(**dict.fromkeys((*Way, "asyncio"), changed))
    notes = IO_BOUND.find(PLAN, list(trials)).evidence.notes
    assert len([note for note in notes if "gives the GIL away" in note]) == told


def test_a_server_that_was_asked_is_a_line_and_no_note() -> None:
    plan = make_plan(rows=("io-bound",), postgres=True)
    row = IO_BOUND.find(plan, [*all_ways(), asked(Way.THREAD, 6050.0)])
    facts = {fact.name: fact.columns for fact in row.evidence.facts}
    cell = facts["8 workers, PostgreSQL, 10 % writes"][Way.THREAD]
    assert cell.figure is not None
    assert cell.figure.value == 6050
    assert (cell.figure.low, cell.figure.high) == (6050, 6050)
    assert not [note for note in row.evidence.notes if note.startswith("PostgreSQL was not asked")]
    assert any(note.startswith("PostgreSQL was not asked") for note in found().evidence.notes)


@pytest.mark.parametrize(
    ("rows", "quick", "told"),
    [(ROW_NAMES, False, True), (ROW_NAMES, True, False), (("io-bound",), False, False)],
)
def test_that_subinterpreters_do_not_ask_it_with_all_rows_is_a_note(
    rows: tuple[str, ...], quick: bool, told: bool
) -> None:
    plan = make_plan(rows=rows, quick=quick, postgres=True)
    notes = IO_BOUND.find(plan, list(all_ways())).evidence.notes
    assert any(note.startswith("With all rows, PostgreSQL is not asked") for note in notes) is told


def test_a_hurry_says_what_it_left_out() -> None:
    plan = make_plan(rows=("io-bound",), quick=True)
    trials = [done(way, plan=plan) for way in (Way.THREAD, PROCESS, None)]
    row = IO_BOUND.find(plan, trials)
    assert row.fact == "requests of 4 workers, HTTP, 5 ms"
    assert row.evidence.notes[-1].startswith("Quick: ")
    assert row.holds is Outcome.HOLDS
    assert row.columns[Way.INTERPRETER].figure is None
    assert [fact.name for fact in row.evidence.facts] == [
        "99th percentile of a request",
        "CPU time of a request",
        "request of 2 workers, beside one that computes",
    ]


def test_of_no_trial_there_is_a_row_too() -> None:
    row = IO_BOUND.find(PLAN, [])
    assert row.holds is Outcome.INCONCLUSIVE
    assert row.evidence.tables == ()
    assert all(cell.figure is None for cell in row.columns.values())
