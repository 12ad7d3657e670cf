from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

from gilbench import workloads
from gilbench.workloads.io.ledger import Mix
from gilbench.workloads.io.sqlite import NAME, open_sqlite


def total(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        found: int = connection.execute("SELECT sum(amount) FROM orders").fetchone()[0]
        return found


def test_all_workers_query_one_file_in_wal_mode(host_folder: Path) -> None:
    one, other = (open_sqlite(Mix(reads=0)) for _ in range(2))
    before = total(host_folder / NAME)
    for _ in range(5):
        assert (one(), other()) == (1, 1)
    assert total(host_folder / NAME) == before + 10
    (mode,) = one._connection.execute("PRAGMA journal_mode").fetchone()
    (synchronous,) = one._connection.execute("PRAGMA synchronous").fetchone()
    assert (mode, synchronous) == ("wal", 1)
    for queries in (one, other):
        queries.close()
        queries.close()
    # The last one takes the log along.
    assert sorted(path.name for path in host_folder.iterdir()) == [NAME, f"{NAME}.lock"]


def test_writers_wait_for_one_another_and_none_is_refused(host_folder: Path) -> None:
    made = [open_sqlite(Mix(reads=0)) for _ in range(4)]
    before = total(host_folder / NAME)
    done: list[int] = []

    def write(number: int) -> None:
        done.extend(made[number]() for _ in range(100))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for queries in made:
        queries.close()
    assert done == [1] * 400
    assert total(host_folder / NAME) == before + 400


def test_a_task_may_go_from_thread_to_thread(host_folder: Path) -> None:
    task = workloads.find("sqlite:reads=0.5").task()
    thread = threading.Thread(target=task.run, args=(10,))
    thread.start()
    thread.join()
    assert task.checksum() == 11


def test_the_text_says_what_share_reads() -> None:
    assert workloads.find("sqlite").text == "sqlite:reads=0.9"
    assert workloads.find("sqlite:reads=50%,grain=1ms").text == "sqlite:reads=0.5"
    assert workloads.find("postgres:reads=1").text == "postgres:reads=1"
