from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from gilbench.workloads.io.ledger import CUSTOMERS, ORDERS, Ledger, Mix, Queries, read_mix
from gilbench.workloads.spec import Spec

LEDGER = Ledger(value="?", table="TABLE")


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
        for statement in LEDGER.making:
            made.execute(statement)
        yield made


def test_every_customer_has_as_many_orders(connection: sqlite3.Connection) -> None:
    (customers,) = connection.execute("SELECT count(*) FROM customers").fetchone()
    orders = connection.execute(
        "SELECT customer, count(*) FROM orders GROUP BY customer"
    ).fetchall()
    assert customers == CUSTOMERS
    assert sorted(orders) == [(number, ORDERS // CUSTOMERS) for number in range(CUSTOMERS)]


def test_a_read_finds_a_customer_s_orders_by_the_index(connection: sqlite3.Connection) -> None:
    amounts = [number % 97 for number in range(ORDERS) if number % CUSTOMERS == 7]
    assert connection.execute(LEDGER.read, (7,)).fetchall() == [
        ("customer 7", len(amounts), sum(amounts))
    ]
    plan = connection.execute(f"EXPLAIN QUERY PLAN {LEDGER.read}", (7,)).fetchall()
    assert any("USING INDEX orders_of_customers" in str(step) for step in plan)


def test_a_write_changes_one_order(connection: sqlite3.Connection) -> None:
    total = "SELECT sum(amount) FROM orders"
    (before,) = connection.execute(total).fetchone()
    assert connection.execute(LEDGER.write, (9,)).rowcount == 1
    assert connection.execute(total).fetchone() == (before + 1,)


def test_the_dice_say_whether_it_is_a_read_and_of_what(connection: sqlite3.Connection) -> None:
    thrown = iter([0.89, 0.5, 0.9, 0.999])
    queries = Queries(connection, LEDGER, Mix(reads=0.9), dice=lambda: next(thrown))
    assert queries.next() == (LEDGER.read, (CUSTOMERS // 2,))
    assert queries.next() == (LEDGER.write, (ORDERS - ORDERS // 1000,))


@pytest.mark.parametrize(("reads", "changes"), [(1.0, 0), (0.0, 50)])
def test_all_are_reads_or_all_are_writes(
    connection: sqlite3.Connection, reads: float, changes: int
) -> None:
    before = connection.total_changes
    queries = Queries(connection, LEDGER, Mix(reads=reads))
    assert [queries() for _ in range(50)] == [1] * 50
    assert connection.total_changes - before == changes


def test_the_mix_is_nine_reads_in_ten_where_nothing_is_said() -> None:
    assert read_mix(Spec(name="sqlite", parameters={})) == (Mix(reads=0.9), None)
    given = {"reads": "25%", "grain": "1ms"}
    assert read_mix(Spec(name="sqlite", parameters=given)) == (Mix(reads=0.25), 1_000_000)
    assert Mix(reads=0.25).text == "reads=0.25"
