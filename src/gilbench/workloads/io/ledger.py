"""The tables that databases are asked about, customers and their orders, and what is asked."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from gilbench.workloads.spec import Parameter, read_grain, read_share

if TYPE_CHECKING:
    from collections.abc import Callable

    from gilbench.workloads.spec import Spec

__all__ = ["CUSTOMERS", "ORDERS", "Ledger", "Mix", "Queries", "read_mix"]

CUSTOMERS: Final = 500
ORDERS: Final = 20 * CUSTOMERS
_READS: Final = 0.9

_NOTE: Final = "'order ' || n || ', to be delivered'"


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """The statements, in a database's own words: what stands for a value, and what for a table."""

    value: str
    table: str

    @property
    def making(self) -> tuple[str, ...]:
        """Return the statements that make the tables, fill them and then their index."""
        return (
            f"CREATE {self.table} customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL)",
            f"CREATE {self.table} orders (id INTEGER PRIMARY KEY, customer INTEGER NOT NULL,"
            " amount INTEGER NOT NULL, note TEXT NOT NULL)",
            _for_each(CUSTOMERS, "INSERT INTO customers SELECT n, 'customer ' || n"),
            _for_each(ORDERS, f"INSERT INTO orders SELECT n, n % {CUSTOMERS}, n % 97, {_NOTE}"),
            "CREATE INDEX orders_of_customers ON orders (customer)",
            "ANALYZE orders",
        )

    @property
    def read(self) -> str:
        """Return the query for a customer's name, number of orders and sum, given the customer."""
        return (
            "SELECT name, count(*), sum(amount) FROM customers JOIN orders"  # noqa: S608 - no input
            f" ON customer = customers.id WHERE customers.id = {self.value} GROUP BY name"
        )

    @property
    def write(self) -> str:
        """Return the statement that raises the amount of an order, given the order."""
        return f"UPDATE orders SET amount = amount + 1 WHERE id = {self.value}"  # noqa: S608


@dataclass(frozen=True, kw_only=True)
class Mix:
    """Which share of the queries read. The others write, in a transaction each."""

    reads: float

    @property
    def text(self) -> str:
        """Return it as a workload's parameter."""
        return f"reads={self.reads:g}"


class Queries:
    """One worker's queries, on a connection of its own."""

    def __init__(
        self, connection: Any, ledger: Ledger, mix: Mix, dice: Callable[[], float] | None = None
    ) -> None:
        """Throw `dice` (from 0 up to 1) for what is asked next; its own where there are none."""
        self._connection = connection
        self._read, self._write = ledger.read, ledger.write
        self._reads = mix.reads
        self._dice = dice or random.Random().random

    def next(self) -> tuple[str, tuple[int]]:
        """Return the next statement, and its value."""
        dice = self._dice
        if dice() < self._reads:
            return self._read, (int(dice() * CUSTOMERS),)
        return self._write, (int(dice() * ORDERS),)

    def __call__(self) -> int:
        """Return how many rows were found or changed: one."""
        asked = self._connection.execute(*self.next())
        return int(asked.rowcount) if asked.description is None else len(asked.fetchall())

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def _for_each(count: int, insertion: str) -> str:
    """Return the statement that inserts for each `n` from 0 on."""
    numbers = f"SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < {count}"  # noqa: S608
    return f"WITH RECURSIVE numbers(n) AS ({numbers}) {insertion} FROM numbers"


def read_mix(spec: Spec) -> tuple[Mix, int | None]:
    """Return what a workload's parameters say: the mix, and the grain. Raises InputError."""
    reads = Parameter[float](default=_READS, read=read_share, meaning="share of queries that read")
    grain = Parameter[float](default=0, read=read_grain, meaning="how long one call works")
    values = spec.read({"grain": grain, "reads": reads})
    return Mix(reads=values["reads"]), int(values["grain"]) or None
