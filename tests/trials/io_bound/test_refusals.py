from __future__ import annotations

import sqlite3
from typing import Final

import pytest

from gilbench.errors import InputError
from gilbench.trials.io_bound.refusals import refusals
from gilbench.trials.tried import UnavailableError

FULL: Final = OSError(28, "No space left on device")


@pytest.mark.parametrize(
    ("kind", "error", "told"),
    [
        ("file-write", FULL, "No space left on device"),
        ("file-read:size=1024", OSError(24, "Too many open files"), "Too many open files"),
        ("file-sync", PermissionError("not here"), "not here"),
        ("sqlite:reads=0.9", FULL, "No space left on device"),
        ("sqlite", sqlite3.OperationalError("database or disk is full"), "database or disk is"),
    ],
)
def test_what_a_file_or_a_database_is_refused_for_is_why_it_is_not_to_be_had(
    kind: str, error: Exception, told: str
) -> None:
    with pytest.raises(UnavailableError, match=told) as raised, refusals(kind):
        raise error
    assert raised.value.__cause__ is error


def test_of_many_lines_the_first_is_told() -> None:
    class OperationalError(Exception):
        """As psycopg has it."""

    with pytest.raises(UnavailableError) as raised, refusals("postgres"):
        raise OperationalError("the connection is lost\nserver closed it\n")
    assert str(raised.value) == "the connection is lost"


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        # The server is ours: that it does not answer is a fault.
        ("http:delay=5ms", FULL),
        ("file-write", KeyError("file-write")),
        ("file-write", InputError("no parameter")),
        ("sqlite", sqlite3.ProgrammingError("closed")),
    ],
)
def test_any_other_error_stays_what_it_is(kind: str, error: Exception) -> None:
    with pytest.raises(type(error)) as raised, refusals(kind):
        raise error
    assert raised.value is error
