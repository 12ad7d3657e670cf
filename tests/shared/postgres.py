"""A real PostgreSQL server for tests, from Debian's packages where they are installed."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from waiting import becomes_true

if TYPE_CHECKING:
    from collections.abc import Iterator

# What must show nowhere; it has what parts an address, so that it is told whole or not at all.
PASSWORD = "s3cret@of/tests"
USER = "gilbench_tests"
_LOOPBACK = "127.0.0.1"
_READY = "ready to accept connections"
# It refuses to run as root: whoever of these there is owns it then.
_OWNERS = ("postgres", "nobody")


@dataclass(frozen=True, kw_only=True)
class PostgresServer:
    """A server that runs, and its only user's way in."""

    port: int
    pid: int

    @property
    def dsn(self) -> str:
        return (
            f"postgresql://{USER}:s3cret%40of%2Ftests@{_LOOPBACK}:{self.port}/postgres"
            "?sslmode=disable"
        )

    @property
    def variables(self) -> dict[str, str]:
        """The same for libpq, which reads them where it is told nothing else."""
        return {
            "PGHOST": _LOOPBACK,
            "PGPORT": str(self.port),
            "PGUSER": USER,
            "PGPASSWORD": PASSWORD,
            "PGDATABASE": "postgres",
            "PGSSLMODE": "disable",
        }


def binaries() -> Path | None:
    """Return the folder of `initdb` and `postgres`, the newest that Debian's packages have."""
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    found = sorted(versions, key=lambda each: float(each.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    if on_path is not None:
        found.append(Path(on_path).resolve().parent)
    return next((each for each in found if (each / "postgres").exists()), None)


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """Run a server on a free port of loopback, in a folder that is removed after it."""
    programs = binaries()
    assert programs is not None
    folder = Path(tempfile.mkdtemp(prefix="gilbench-tests-postgres-"))
    owner = _owner()
    try:
        secret, data = folder / "password", folder / "data"
        secret.write_text(PASSWORD, encoding="utf-8")
        if owner is not None:
            for path in (folder, secret):
                shutil.chown(path, owner)
        _initialise(programs, data, secret, owner)
        port, told = _free_port(), folder / "log"
        with told.open("wb") as log:
            server = subprocess.Popen(
                [
                    str(programs / "postgres"),
                    *("-D", str(data), "-h", _LOOPBACK, "-p", str(port), "-k", str(folder), "-F"),
                ],
                stdout=log,
                stderr=log,
                user=owner,
                cwd=folder,
            )
        try:
            assert becomes_true(lambda: _READY in told.read_text(), 30), told.read_text()
            yield PostgresServer(port=port, pid=server.pid)
        finally:
            server.send_signal(signal.SIGINT)  # ends without a wait for its clients
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    finally:
        assert folder.name.startswith("gilbench-tests-postgres-")
        shutil.rmtree(folder)


def _initialise(programs: Path, data: Path, secret: Path, owner: str | None) -> None:
    subprocess.run(
        [
            str(programs / "initdb"),
            *("-D", str(data), "-U", USER, "--pwfile", str(secret), "--auth=scram-sha-256"),
            *("--no-sync", "--no-locale", "--encoding=UTF8"),
        ],
        check=True,
        capture_output=True,
        user=owner,
        cwd=data.parent,
    )


def _owner() -> str | None:
    if os.geteuid() != 0:
        return None
    import pwd

    there = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in _OWNERS if name in there)


def _free_port() -> int:
    with socket.create_server((_LOOPBACK, 0)) as taken:
        port: int = taken.getsockname()[1]
        return port
