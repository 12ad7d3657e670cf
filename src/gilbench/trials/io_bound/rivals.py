"""Each kind of I/O as asyncio does it: by its own streams, by a library's, or on threads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from functools import partial
from typing import TypeAlias

from gilbench.trials.io_bound.worker import open_operation
from gilbench.workloads.io.address import settings_of
from gilbench.workloads.io.http import Target, body_of, load_httpx, read_http, request_of
from gilbench.workloads.io.ledger import Mix, Queries, read_mix
from gilbench.workloads.io.postgres import LEDGER, load_psycopg, refusal
from gilbench.workloads.io.service import LOOPBACK, server_port
from gilbench.workloads.spec import parse_spec

__all__ = ["Request", "rival"]

Request: TypeAlias = Callable[[], Awaitable[object]]
"""A request of one worker, to be awaited again and again."""


def rival(kind: str, dsn: str | None) -> AbstractAsyncContextManager[Request]:
    """Return what opens a request of that kind, for one worker.

    Raises as the workload of that kind does.
    """
    spec = parse_spec(kind)
    match spec.name:
        case "http":
            given = read_http(spec)
            target = Target(port=server_port(), delay_ns=given.delay_ns)
            return _by_httpx(target) if given.client == "httpx" else _by_streams(target)
        case "postgres":
            return _by_psycopg(read_mix(spec)[0], dsn or "")
        case _:
            return _on_threads(kind)


@asynccontextmanager
async def _on_threads(kind: str) -> AsyncIterator[Request]:
    with closing(open_operation(kind, None)) as operation:
        yield partial(asyncio.to_thread, operation)


@asynccontextmanager
async def _by_streams(target: Target) -> AsyncIterator[Request]:
    asked = request_of(target)

    async def request() -> int:
        reader, writer = await asyncio.open_connection(LOOPBACK, target.port)
        try:
            writer.write(asked)
            return len(body_of(await reader.read()))
        finally:
            writer.close()

    yield request


@asynccontextmanager
async def _by_httpx(target: Target) -> AsyncIterator[Request]:
    async with load_httpx().AsyncClient(trust_env=False, verify=False) as client:

        async def request() -> int:
            return len((await client.get(target.url)).raise_for_status().content)

        yield request


@asynccontextmanager
async def _by_psycopg(mix: Mix, dsn: str) -> AsyncIterator[Request]:
    psycopg = load_psycopg()
    settings = settings_of(psycopg, dsn)
    try:
        connection = await psycopg.AsyncConnection.connect(**settings, autocommit=True)
    except psycopg.Error as error:
        raise refusal(error, settings) from None
    async with connection:
        try:
            for statement in LEDGER.making:
                await connection.execute(statement)
        except psycopg.Error as error:
            raise refusal(error, settings) from None
        queries = Queries(connection, LEDGER, mix)

        async def request() -> int:
            asked = await connection.execute(*queries.next())
            return int(asked.rowcount) if asked.description is None else len(await asked.fetchall())

        yield request
