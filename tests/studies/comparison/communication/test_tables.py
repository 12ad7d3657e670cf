from __future__ import annotations

import pytest

from channels import SMALL, Speed, tried, whole_run
from comparisons import make_plan
from gilbench.comparison import Cell, Table, Unit, Way
from gilbench.model import Status
from gilbench.studies.comparison.communication.paces import Paces
from gilbench.studies.comparison.communication.tables import facts, headline, tables

NEEDS = "a GIL for each interpreter needs Python 3.12 or later"


def paces(*trials: object) -> Paces:
    return Paces(plan=make_plan(seed=3), trials=trials)  # type: ignore[arg-type]


def by_title(title: str, found: Paces) -> Table:
    (table,) = [each for each in tables(found) if each.title == title]
    return table


def test_without_trials_there_is_nothing() -> None:
    assert headline(paces()).name == "round trip through a queue"
    assert set(headline(paces()).columns.values()) == {Cell()}
    assert facts(paces()) == ()
    assert tables(paces()) == ()


def test_the_headline_is_the_smallest_payload_through_each_way_s_queue() -> None:
    found = headline(paces(*whole_run()))
    assert found.name == "round trip of 64 B through a queue, on two cores"
    cells = found.columns
    values = {way: cell.figure.value for way, cell in cells.items() if cell.figure}
    assert values == {
        Way.THREAD: pytest.approx(46_460, rel=0.01),
        Way.INTERPRETER: pytest.approx(10_231_300, rel=0.01),
        Way.FORK: pytest.approx(60_600, rel=0.01),
        Way.FORKSERVER: pytest.approx(61_500, rel=0.01),
        Way.SPAWN: pytest.approx(61_500, rel=0.01),
    }
    assert cells[Way.THREAD].ratio is None
    assert cells[Way.FORK].ratio == pytest.approx(60_600 / 46_460, rel=0.01)


def test_a_way_that_is_not_to_be_had_says_why() -> None:
    lacking = [
        tried(name, Way.INTERPRETER, Speed(us=1), figures={}, status=Status.UNAVAILABLE, reason=why)
        for name, why in (
            ("interpreter-queue", "queues that can wait need Python 3.14 or later"),
            ("interpreter-queue-polled", NEEDS),
        )
    ]
    found = paces(tried("queue", Way.THREAD, Speed(us=16)), *lacking)
    cells = headline(found).columns
    assert cells[Way.INTERPRETER] == Cell(unavailable=NEEDS)
    assert cells[Way.FORK] == Cell()
    # Where the private ones are, they stand for them.
    polled = tried("interpreter-queue-polled", Way.INTERPRETER, Speed(us=5))
    figure = headline(paces(lacking[0], polled)).columns[Way.INTERPRETER].figure
    assert figure is not None
    assert figure.value == pytest.approx(5050)


def test_further_facts_are_of_the_same_queues() -> None:
    told = {fact.name: fact.columns for fact in facts(paces(*whole_run()))}
    assert list(told) == [
        "round trip of 64 B, on one core",
        "99th percentile of 64 B, on two cores",
        "round trip of 256 KiB, on two cores",
        "256 KiB after another, on two cores",
        "round trip of 64 MiB, on two cores",
        "64 MiB after another, on two cores",
    ]
    stream = told["256 KiB after another, on two cores"]
    thread, fork = stream[Way.THREAD].figure, stream[Way.FORK].figure
    assert thread is not None
    assert fork is not None
    # A thread is handed references, of which there is no number of bytes to compare with.
    assert (thread.unit, fork.unit) == (Unit.PER_SECOND, Unit.BYTES_PER_SECOND)
    assert stream[Way.FORK].ratio is None
    assert told["round trip of 64 MiB, on two cores"][Way.SPAWN] == Cell()


def test_tables_have_a_line_per_channel_and_a_column_per_payload() -> None:
    found = paces(*whole_run())
    table = by_title("Round trip, median, on two cores", found)
    assert table.headings == ("64 B", "1 KiB", "16 KiB", "256 KiB", "4 MiB", "64 MiB")
    labels = [line.label for line in table.lines]
    assert labels[:4] == [
        "a reference and two locks",
        "queue.Queue",
        "queue.SimpleQueue",
        "interpreters.Queue",
    ]
    assert [label for label in labels if label.startswith("multiprocessing.Queue")] == [
        "multiprocessing.Queue, fork",
        "multiprocessing.Queue, spawn",
        "multiprocessing.Queue, forkserver",
    ]
    assert len(labels) == 17
    spawn = table.lines[labels.index("multiprocessing.Queue, spawn")]
    assert [cell.figure is not None for cell in spawn.cells] == [
        size in {2**6, 2**18} for size in found.sizes
    ]
    alone = by_title("Round trip, median, on one core", found)
    assert alone.headings == ("64 B", "1 KiB", "16 KiB", "256 KiB")
    assert "multiprocessing.Queue" in [line.label for line in alone.lines]


def test_what_nothing_was_measured_of_is_left_out() -> None:
    # Too few trips for a percentile, and an array with a larger payload than any queue.
    found = paces(
        tried("queue", Way.THREAD, Speed(us=100)),
        tried("array", Way.FORK, Speed(us=100), (64, 2**26)),
    )
    assert [table.title for table in tables(found)] == [
        "Round trip, median, on two cores",
        "One way, one after another, on two cores",
    ]
    assert [fact.name for fact in facts(found)] == [
        "round trip of 256 KiB, on two cores",
        "256 KiB after another, on two cores",
    ]


def test_crossings_are_a_table_for_each_number_of_cores() -> None:
    found = paces(
        tried("pipe", Way.FORK, Speed(us=10, ms_per_mib=3)),
        tried("tcp", Way.FORK, Speed(us=40, ms_per_mib=1)),
        tried("pipe", Way.FORK, Speed(us=10, ms_per_mib=3), cores=1),
        tried("tcp", Way.FORK, Speed(us=9, ms_per_mib=1), cores=1),
        # Between threads and processes only queues are compared.
        tried("simple-queue", Way.THREAD, Speed(us=100)),
    )
    crossed = [each for each in tables(found) if each.title.startswith("Where")]
    (table,) = crossed
    assert table.title == "Where the quicker of two changes, on two cores"
    (line,) = table.lines
    assert line.label == "multiprocessing.Pipe, then TCP on loopback"
    low, at, high = (cell.figure.value for cell in line.cells if cell.figure)
    assert (low, high) == (2**10, 2**18)
    assert low < at < high


def test_queues_of_different_ways_cross_too() -> None:
    found = paces(
        tried("queue", Way.THREAD, Speed(us=100)),
        tried("process-queue", Way.FORK, Speed(us=30, ms_per_mib=4)),
        tried("process-queue", Way.SPAWN, Speed(us=300)),
    )
    (table,) = [each for each in tables(found) if each.title.startswith("Where")]
    assert [line.label for line in table.lines] == ["multiprocessing.Queue, then queue.Queue"]
    assert len(SMALL) == 4
