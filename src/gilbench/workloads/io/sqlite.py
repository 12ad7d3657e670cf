"""`sqlite`: queries to one database file, which all workers of a host share.

The file is in SQLite's WAL mode, in which readers and a writer do not wait for one another, and
writers do. As is usual with it, a transaction is not synced by itself (`synchronous=NORMAL`).
"""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, Final

from gilbench.workloads.io.isolation import require_isolated
from gilbench.workloads.io.ledger import Ledger, Mix, Queries, read_mix
from gilbench.workloads.io.place import made_once
from gilbench.workloads.io.workload import IoWorkload

if TYPE_CHECKING:
    from pathlib import Path

    from gilbench.workloads.spec import Spec

__all__ = ["NAME", "open_sqlite", "sqlite_workload"]

NAME: Final = "ledger.sqlite"
_LEDGER: Final = Ledger(value="?", table="TABLE")
# Writers wait for one another; with many of them, or a slow disk, for long.
_SECONDS_TO_WAIT: Final = 60.0


def sqlite_workload(spec: Spec) -> IoWorkload:
    """Return the workload as its parameters say. Raises InputError."""
    mix, grain_ns = read_mix(spec)
    return IoWorkload(text=f"sqlite:{mix.text}", open=partial(open_sqlite, mix), grain_ns=grain_ns)


def open_sqlite(mix: Mix) -> Queries:
    """Return a worker's queries to the database, which is made if there is none yet."""
    require_isolated("sqlite3")
    import sqlite3

    # No worker is two threads at once, but its thread is another one from sample to sample.
    connection = sqlite3.connect(
        made_once(NAME, _make),
        timeout=_SECONDS_TO_WAIT,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.execute("PRAGMA synchronous = NORMAL")
    return Queries(connection, _LEDGER, mix)


def _make(path: Path) -> None:
    import sqlite3
    from contextlib import closing

    # Its own: of a worker that was ended in the middle of this, another's may be left.
    growing = path.with_suffix(f".{os.getpid()}")
    with closing(sqlite3.connect(growing, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN")
        for statement in _LEDGER.making:
            connection.execute(statement)
        connection.execute("COMMIT")
    # Closed, it has no log beside it any more, and can be moved.
    growing.replace(path)
