"""A host's folder without a host, and a PostgreSQL server where one is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gilbench.workloads.io.service import server_port
from io_hosts import taken_for_a_host
from postgres import binaries, running_postgres

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from postgres import PostgresServer


@pytest.fixture
def host_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of the host that this process is taken for."""
    with taken_for_a_host(tmp_path / "host", monkeypatch) as folder:
        yield folder


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Where a server listens that several tests ask one after another, and none ends."""
    with (
        pytest.MonkeyPatch.context() as monkeypatch,
        taken_for_a_host(tmp_path_factory.mktemp("served") / "host", monkeypatch),
    ):
        port = server_port()
        yield port


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A real server."""
    if binaries() is None:
        pytest.skip("no PostgreSQL server is installed here")
    with running_postgres() as server:
        yield server
