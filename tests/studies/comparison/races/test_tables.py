from __future__ import annotations

import pytest

from comparisons import make_plan
from gilbench.comparison import Cell, Unit, Way
from gilbench.studies.comparison.races.tables import facts, headline, losing_form, tables
from gilbench.studies.comparison.races.tally import Tally

from .conftest import GIL, PROCESSES, all_raced, raced


def value(cell: Cell) -> float:
    assert cell.figure is not None
    return cell.figure.value


@pytest.fixture
def tally() -> Tally:
    return Tally(plan=make_plan(), trials=all_raced())


def test_the_table_has_for_each_way_a_form_that_can_lose(tally: Tally) -> None:
    found = headline(tally).columns
    assert {way: value(cell) for way, cell in found.items()} == {
        Way.THREAD: 0.25,
        Way.INTERPRETER: 0.45,
        Way.FORK: 0.5,
        Way.FORKSERVER: 0.5,
        Way.SPAWN: 0.5,
    }
    assert found[Way.THREAD].ratio is None
    assert [found[way].ratio for way in (Way.INTERPRETER, Way.FORK)] == pytest.approx([1.8, 2])
    free = Tally(plan=make_plan(), trials=all_raced(gil=False))
    assert (losing_form(tally, Way.THREAD), losing_form(free, Way.THREAD)) == ("call", "global")
    assert value(headline(free).columns[Way.THREAD]) == pytest.approx(0.4)


def test_there_is_no_ratio_to_threads_that_lose_nothing() -> None:
    safe = {form: (0.0, ns) for form, (_, ns) in GIL.items()}
    trials = raced(Way.THREAD, safe), raced(Way.FORK, PROCESSES)
    found = headline(Tally(plan=make_plan(), trials=trials)).columns
    assert value(found[Way.FORK]) == 0.5
    assert found[Way.FORK].ratio is None


def test_costs_are_beside_those_of_threads(tally: Tally) -> None:
    unsafe, lock, atomic, message = facts(tally)
    assert value(unsafe.columns[Way.THREAD]) == pytest.approx(40, rel=0.03)
    assert unsafe.columns[Way.THREAD].ratio is None
    assert unsafe.columns[Way.FORK].ratio == pytest.approx(0.75)
    assert lock.columns[Way.SPAWN].ratio == pytest.approx(3)
    assert atomic.columns[Way.INTERPRETER].figure is not None
    assert message.columns[Way.INTERPRETER].unavailable == "no queues yet"
    figure = lock.columns[Way.THREAD].figure
    assert figure is not None
    assert figure.unit is Unit.NANOSECONDS
    assert figure.low is not None


def test_the_switch_intervals_are_told_apart(tally: Tally) -> None:
    of_threads = tables(tally)[0]
    assert len(of_threads.headings) == 4
    rows = {line.label: line.cells for line in of_threads.lines}
    assert [value(cell) for cell in rows["x += one(), a Python function"]] == [
        *(0.25, 600_000, 0.25, 600_000)
    ]
    share, updates, *short = rows["with lock: x += 1"]
    assert (value(share), value(updates), short) == (0, 600_000, [Cell(), Cell()])


def test_without_a_gil_there_is_nothing_to_switch() -> None:
    of_threads = tables(Tally(plan=make_plan(), trials=all_raced(gil=False)))[0]
    assert of_threads.headings == ("lost", "updates")
    assert all(len(line.cells) == 2 for line in of_threads.lines)


def test_shared_memory_has_a_line_for_each_form(tally: Tally) -> None:
    of_memory = tables(tally)[1]
    assert of_memory.headings == ("interpreter", "fork", "forkserver", "spawn")
    rows = {line.label: line.cells for line in of_memory.lines}
    assert rows["raw.value += 1, a RawValue"][0] == Cell()
    assert value(rows["raw.value += 1, a RawValue"][1]) == 0.5
    view = rows["view[0] += 1, a memoryview handed over"]
    assert view == (Cell(unavailable="no views yet"), Cell(), Cell(), Cell())
    assert value(rows["updates, in all"][0]) == 3 * 600_000


def test_safety_is_over_what_is_not_safe(tally: Tally) -> None:
    costs = tables(tally)[2]
    assert costs.headings == ("thread", "interpreter", "fork", "forkserver", "spawn")
    lock, atomic, message = costs.lines
    assert [value(cell) for cell in lock.cells] == pytest.approx([5, 400 / 30, 20, 20, 20])
    assert value(atomic.cells[0]) == pytest.approx(1.1)
    assert message.cells[1].unavailable == "no queues yet"


def test_of_no_trials_there_are_empty_cells() -> None:
    nothing = Tally(plan=make_plan(), trials=[])
    assert set(headline(nothing).columns.values()) == {Cell()}
    for table in tables(nothing):
        assert all(cell == Cell() for line in table.lines for cell in line.cells)
