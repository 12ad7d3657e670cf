"""What a reader must know of the figures: who asks whom, and what else differs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench.comparison import ROW_NAMES, Way
from gilbench.studies.comparison.io_bound.kinds import HTTPX

if TYPE_CHECKING:
    from gilbench.studies.comparison.io_bound.paces import Paces

__all__ = ["notes"]

_SERVER: Final = (
    "The server is a process of its own on this machine, and takes CPU time too. Clients connect"
    " for each request, by urllib where nothing else is said; httpx keeps its connection. asyncio"
    " asks by its own streams, which is what plain sockets are to threads."
)
_FILES: Final = (
    "Files lie in the folder of temporary files. They are written to the system's cache and read"
    " from it, with nothing to wait for; to sync is to wait for the disk, where that folder is on"
    " one."
)
_SQLITE: Final = (
    "All workers query one SQLite file, in WAL mode; whoever writes locks out others that write."
)
_THREADS_OF_ASYNCIO: Final = (
    "asyncio reads and writes files, and queries SQLite, by asyncio.to_thread."
)
_SLOWEST: Final = (
    "The 99th percentile of fewer than a hundred requests is the slowest of them: so it is where"
    " few workers wait, and beside one that computes."
)
_CONVOY: Final = (
    "A thread that computes gives the GIL away every 5 ms at most. Whoever waits for I/O lets go of"
    " it at each call of the system, and waits for it again after each: several times a request."
)
_POSTGRES: Final = (
    "PostgreSQL was not asked: name a server by --dsn. It is asked by temporary tables only."
)
_WHOLE: Final = (
    "With all rows, PostgreSQL is not asked by subinterpreters, each of which has to load psycopg:"
    " with fewer rows it is."
)
_QUICK: Final = (
    "Quick: without subinterpreters and further start methods; without writing, syncing, SQLite and"
    " httpx."
)


def notes(paces: Paces) -> tuple[str, ...]:
    """Return the notes on what was tried."""
    told = [_SERVER, _FILES]
    if not paces.plan.quick:
        told += [_SQLITE]
    told += [_THREADS_OF_ASYNCIO, _SLOWEST]
    if paces.gil():
        told.append(_CONVOY)
    httpx = paces.lacking(Way.THREAD, HTTPX)
    if httpx is not None:
        told.append(f"Not asked by httpx: {httpx}.")
    if not paces.plan.postgres:
        told.append(_POSTGRES)
    elif paces.plan.rows == ROW_NAMES and not paces.plan.quick:
        told.append(_WHOLE)
    if paces.plan.quick:
        told.append(_QUICK)
    return tuple(told)
