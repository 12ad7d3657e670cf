"""Workloads that wait: files, HTTP requests, queries to databases.

Each is loaded when it is asked for: workers of all others start faster without.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gilbench.workloads.io.workload import IoWorkload
    from gilbench.workloads.spec import Spec

__all__ = ["IO", "NO_PSYCOPG", "why_no_postgres"]

NO_PSYCOPG: Final = "psycopg is not installed: pip install 'gilbench[postgres]'"


def _made_by(home: str, maker: str) -> Callable[[Spec], IoWorkload]:
    def make(spec: Spec) -> IoWorkload:
        module = import_module(f"gilbench.workloads.io.{home}")
        return cast("IoWorkload", getattr(module, maker)(spec))

    return make


IO: Final[Mapping[str, Callable[[Spec], IoWorkload]]] = {
    "file-write": _made_by("files", "write_workload"),
    "file-sync": _made_by("files", "sync_workload"),
    "file-read": _made_by("files", "read_workload"),
    "http": _made_by("http", "http_workload"),
    "sqlite": _made_by("sqlite", "sqlite_workload"),
    "postgres": _made_by("postgres", "postgres_workload"),
}
"""How each is made, by its name, in the order of the list."""


def why_no_postgres() -> str | None:
    """Return why no PostgreSQL server can be asked, or null; psycopg is looked for, not loaded."""
    return NO_PSYCOPG if find_spec("psycopg") is None else None
