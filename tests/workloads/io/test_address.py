from __future__ import annotations

import pytest

from gilbench.errors import InputError
from gilbench.workloads.io.address import readable, settings_of

psycopg = pytest.importorskip("psycopg", exc_type=ImportError)


def test_an_address_is_read_and_limits_the_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PGCONNECT_TIMEOUT", raising=False)
    assert settings_of(psycopg, "postgresql://ann:s%40f%2Fe@db:5433/shop") == {
        "user": "ann",
        "password": "s@f/e",
        "host": "db",
        "port": "5433",
        "dbname": "shop",
        "connect_timeout": 5,
        "application_name": "gilbench",
    }


@pytest.mark.parametrize("dsn", ["", "postgresql://", "host=db connect_timeout=1"])
def test_what_the_user_says_stays(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGCONNECT_TIMEOUT", "9")
    settings = settings_of(psycopg, dsn)
    assert settings.get("connect_timeout") == ("1" if "connect_timeout" in dsn else None)


@pytest.mark.parametrize(
    "dsn",
    [
        "hidden nonsense",
        "password=hid den host=db",
        "postgresql://ann:hid@den@db/shop",
        "postgresql://ann:hid/den@db/shop",
        "postgresql://ann:hid:den@db/shop:hidden@db",
        "postgresql://ann:hid%den@db/shop",
        "postgresql://ann:hid%zzden@db/shop",
        "postgres://ann:hidden",
        "host=db port=hidden",
    ],
)
def test_what_may_be_meant_otherwise_is_not_repeated(dsn: str) -> None:
    with pytest.raises(InputError, match="the PostgreSQL address cannot be read") as raised:
        settings_of(psycopg, dsn)
    assert raised.value.__suppress_context__
    told = str(raised.value)
    assert "hid" not in told
    assert "den" not in told.replace("password", "")
    assert "\n" not in told


def test_of_an_error_the_first_line_is_told_without_a_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PGPASSWORD", "covered")
    error = OSError("connection failed: no hidden, no covered\n\tIs it there?")
    assert readable(error, {"password": "hidden"}) == "no ***, no ***"
    assert readable(TimeoutError(), {}) == "TimeoutError"
