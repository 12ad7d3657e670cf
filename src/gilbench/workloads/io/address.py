"""The address of a PostgreSQL server, and what may be said of it: never its password."""

from __future__ import annotations

import os
import re
from typing import Any, Final
from urllib.parse import unquote

from gilbench.errors import InputError

__all__ = ["readable", "settings_of"]

_SECONDS_TO_CONNECT: Final = 5
_NAME: Final = "gilbench"
# All that may have been meant as a password, of one with an @ in it too.
_MEANT: Final = re.compile(r"postgres(?:ql)?://[^:@/?]*:(.*)@")
_PORTS: Final = re.compile(r"[\d,]*")
_UNREADABLE: Final = (
    "the PostgreSQL address cannot be read: write postgresql://user:password@host:port/database,"
    " with %40 for an @, %2F for a / and %3A for a : in the password, or 'host=... dbname=...'"
)
_PREFIXES: Final = re.compile(r"^connection (failed|is bad): ")


def settings_of(psycopg: Any, dsn: str) -> dict[str, Any]:
    """Return what to connect with: what `dsn` says, with a name and a limit to the wait.

    What it does not say, libpq's variables do. Raises InputError where it cannot be read as its
    writer may have meant it; then libpq would tell parts of a password.
    """
    try:
        settings: dict[str, Any] = psycopg.conninfo.conninfo_to_dict(dsn)
    except (psycopg.ProgrammingError, UnicodeDecodeError):
        raise InputError(_UNREADABLE) from None
    meant = _MEANT.match(dsn)
    if meant is not None and unquote(meant[1]) != settings.get("password"):
        raise InputError(_UNREADABLE) from None
    if _PORTS.fullmatch(str(settings.get("port", ""))) is None:
        raise InputError(_UNREADABLE) from None
    if "PGCONNECT_TIMEOUT" not in os.environ:
        settings.setdefault("connect_timeout", _SECONDS_TO_CONNECT)
    settings.setdefault("application_name", _NAME)
    return settings


def readable(error: Exception, settings: dict[str, Any]) -> str:
    """Return the first line of what libpq or the server says, without a password."""
    said = (str(error).strip() or type(error).__name__).splitlines()[0]
    for secret in (settings.get("password"), os.environ.get("PGPASSWORD")):
        if secret:
            said = said.replace(str(secret), "***")
    return _PREFIXES.sub("", said)
