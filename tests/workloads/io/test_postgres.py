from __future__ import annotations

import os
import socket
from collections.abc import Iterator

import pytest

from gilbench import workloads
from gilbench.errors import InputError
from gilbench.workloads.io.ledger import Mix
from gilbench.workloads.io.operation import MissingError
from gilbench.workloads.io.postgres import load_psycopg, open_postgres
from postgres import PASSWORD, USER, PostgresServer

psycopg = pytest.importorskip("psycopg", exc_type=ImportError)


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in PostgresServer(port=0, pid=0).variables:
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture
def watcher(postgres: PostgresServer) -> Iterator[psycopg.Connection]:
    with psycopg.connect(postgres.dsn, autocommit=True) as connection:
        yield connection


def tables(watcher: psycopg.Connection) -> int:
    """Return how many tables anybody has."""
    query = "SELECT count(*) FROM pg_class WHERE relname IN ('orders', 'customers')"
    return int(watcher.execute(query).fetchone()[0])


def test_every_worker_has_tables_of_its_own_that_end_with_it(
    postgres: PostgresServer, watcher: psycopg.Connection
) -> None:
    assert tables(watcher) == 0
    one, other = (open_postgres(Mix(reads=0.5), postgres.dsn) for _ in range(2))
    assert [one() for _ in range(20)] == [other() for _ in range(20)] == [1] * 20
    assert tables(watcher) == 4
    for queries in (one, other):
        queries.close()
        queries.close()
    for _ in range(100):
        if not tables(watcher):
            break
        watcher.execute("SELECT pg_sleep(0.05)")
    assert tables(watcher) == 0


def test_a_worker_whose_connection_breaks_leaves_no_table(
    postgres: PostgresServer, watcher: psycopg.Connection
) -> None:
    queries = open_postgres(Mix(reads=1), postgres.dsn)
    with socket.socket(fileno=os.dup(queries._connection.fileno())) as connection:
        connection.shutdown(socket.SHUT_RDWR)
    for _ in range(100):
        if not tables(watcher):
            break
        watcher.execute("SELECT pg_sleep(0.05)")
    assert tables(watcher) == 0
    queries.close()


def test_it_reads_through_the_index(postgres: PostgresServer) -> None:
    queries = open_postgres(Mix(reads=1), postgres.dsn)
    plan = queries._connection.execute(f"EXPLAIN {queries._read}", (7,)).fetchall()
    assert "orders_of_customers" in str(plan)
    queries.close()


def test_libpq_s_variables_name_the_server_too(
    postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in postgres.variables.items():
        monkeypatch.setenv(name, value)
    task = workloads.find("postgres:reads=0.5").task()
    task.run(9)
    assert task.checksum() == 10


def refused(dsn: str) -> str:
    with pytest.raises(InputError) as raised:
        open_postgres(Mix(reads=1), dsn)
    told = str(raised.value)
    assert "\n" not in told
    for part in (PASSWORD, "s3cret", "tests@"):
        assert part not in told.replace(USER, "")
    assert raised.value.__suppress_context__
    return told


def test_who_is_not_let_in_is_told_so_without_the_password(postgres: PostgresServer) -> None:
    told = refused(postgres.dsn.replace("s3cret", "s3cret2"))
    assert told.startswith("PostgreSQL does not answer: connection to server at ")
    assert told.endswith(f'password authentication failed for user "{USER}"')


def test_that_it_may_only_be_read_is_a_refusal_and_its_reason(postgres: PostgresServer) -> None:
    told = refused(f"{postgres.dsn}&options=-c%20default_transaction_read_only%3Don")
    assert told == "PostgreSQL refuses: cannot execute CREATE TABLE in a read-only transaction"


def test_that_temporary_tables_are_not_allowed_is_a_refusal_and_its_reason(
    postgres: PostgresServer, watcher: psycopg.Connection
) -> None:
    watcher.execute("CREATE DATABASE closed")
    watcher.execute("REVOKE TEMPORARY ON DATABASE closed FROM PUBLIC")
    watcher.execute("CREATE ROLE guest LOGIN PASSWORD 's3cret'")
    told = refused(f"postgresql://guest:s3cret@127.0.0.1:{postgres.port}/closed?sslmode=disable")
    assert told == (
        'PostgreSQL refuses: permission denied to create temporary tables in database "closed"'
    )


def test_a_server_that_is_not_there_is_told_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    told = refused(f"postgresql://{USER}:s3cret@127.0.0.1:{port}/shop")
    assert told.startswith("PostgreSQL does not answer: ")
    assert "Connection refused" in told


@pytest.mark.slow
def test_a_server_that_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        dsn = f"host=127.0.0.1 port={port} password=s3cret connect_timeout=1"
        assert "timeout" in refused(dsn)


def test_without_psycopg_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "psycopg", None)
    with pytest.raises(MissingError, match=r"not installed: pip install 'gilbench\[postgres\]'"):
        load_psycopg()


def test_without_libpq_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def lack(name: str) -> None:
        raise ImportError("no pq wrapper available.\nAttempts made:\n- …")

    monkeypatch.setattr("gilbench.workloads.io.postgres.import_module", lack)
    with pytest.raises(MissingError, match="psycopg finds no libpq: install Debian's libpq5"):
        load_psycopg()
