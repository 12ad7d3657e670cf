"""`postgres`: queries to a PostgreSQL server, by psycopg 3.

The tables are temporary ones, a worker's own: the server drops them with the connection, however
that ends, and nothing of the user's is touched. Which server it is say the variables that libpq
knows (PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE, PGSERVICE, …): no address that may hold a
password is part of a workload's name.
"""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from gilbench.errors import InputError
from gilbench.workloads.io import NO_PSYCOPG
from gilbench.workloads.io.address import readable, settings_of
from gilbench.workloads.io.isolation import require_isolated
from gilbench.workloads.io.ledger import Ledger, Mix, Queries, read_mix
from gilbench.workloads.io.operation import MissingError
from gilbench.workloads.io.workload import IoWorkload

if TYPE_CHECKING:
    from gilbench.workloads.spec import Spec

__all__ = [
    "LEDGER",
    "load_psycopg",
    "open_postgres",
    "postgres_workload",
    "refusal",
]

LEDGER: Final = Ledger(value="%s", table="TEMPORARY TABLE")


def postgres_workload(spec: Spec) -> IoWorkload:
    """Return the workload as its parameters say. Raises InputError."""
    mix, grain_ns = read_mix(spec)
    return IoWorkload(
        text=f"postgres:{mix.text}", open=partial(open_postgres, mix), grain_ns=grain_ns
    )


def open_postgres(mix: Mix, dsn: str = "") -> Queries:
    """Return a worker's queries to the server that `dsn`, and libpq's variables, name.

    Raises MissingError where psycopg lacks, and InputError, which tells no password, where the
    server does not answer or refuses.
    """
    psycopg = load_psycopg()
    settings = settings_of(psycopg, dsn)
    try:
        connection = psycopg.connect(**settings, autocommit=True)
        try:
            for statement in LEDGER.making:
                connection.execute(statement)
        except BaseException:
            connection.close()
            raise
    except psycopg.Error as error:
        raise refusal(error, settings) from None
    return Queries(connection, LEDGER, mix)


def refusal(error: Exception, settings: dict[str, Any]) -> InputError:
    """Return what to raise for what psycopg raised."""
    # Only an answer has a code.
    said = "refuses" if getattr(error, "sqlstate", None) else "does not answer"
    return InputError(f"PostgreSQL {said}: {readable(error, settings)}")


def load_psycopg() -> Any:
    """Return the module. Raises MissingError where it, or libpq, is not here."""
    require_isolated("psycopg", (3, 14))  # it reaches libpq by ctypes
    try:
        return import_module("psycopg")
    except ModuleNotFoundError as error:
        raise MissingError(NO_PSYCOPG) from error
    except ImportError as error:
        if "pq wrapper" not in str(error):
            raise
        raise MissingError(
            "psycopg finds no libpq: install Debian's libpq5, or pip install 'psycopg[binary]'"
        ) from error
