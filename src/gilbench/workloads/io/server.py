"""The server that `http` asks: a process of its own, on loopback, that answers after a while.

`python -m gilbench.workloads.io.server FILE` writes the number of its port to FILE and closes its
standard output. It ends by itself once that file is gone.

`GET /NANOSECONDS HTTP/1.1` is answered after so many nanoseconds, with any number of such requests
under way at once. This is the part of HTTP/1.1 that clients use for it: a request line and headers,
kept connections, `Connection: close`.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Final

from gilbench.workloads.io.service import LOOPBACK

__all__ = ["BODY", "serve"]

BODY: Final = b'{"answer": 42}\n' * 64
"""What every answer holds: about as much as a short JSON document."""

_REQUESTS_WAITING: Final = 1024
_SECONDS_BETWEEN_LOOKS: Final = 0.2
_LONGEST_S: Final = 3600.0
_WRONG: Final = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


async def serve(announcement: Path) -> None:
    """Serve on a free port, written to `announcement`, until that file is gone."""
    async with await asyncio.start_server(
        _attend, LOOPBACK, 0, backlog=_REQUESTS_WAITING
    ) as server:
        written = announcement.with_suffix(".new")
        written.write_text(str(server.sockets[0].getsockname()[1]), encoding="ascii")
        written.replace(announcement)
        _close_output()
        while announcement.exists():
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
        # Without a wait for those who still have a connection.
        os._exit(0)


def _close_output() -> None:
    """Tell whoever reads standard output that there will be no more: to close it is not enough."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.close(nothing)


async def _attend(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer one connection's requests, until its client wants no more."""
    try:
        while await _answer(reader, writer):
            pass
    except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        pass  # The client is gone, or talks of something else.
    finally:
        writer.close()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    """Answer one request. Return whether the connection is kept."""
    head = await reader.readuntil(b"\r\n\r\n")
    delay_s = _delay_s(head)
    if delay_s is None:
        writer.write(_WRONG)
        await writer.drain()
        return False
    await asyncio.sleep(delay_s)
    kept = b"\r\nconnection: close" not in head.lower()
    writer.write(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"
        b"Connection: %b\r\n\r\n%b" % (len(BODY), b"keep-alive" if kept else b"close", BODY)
    )
    await writer.drain()
    return kept


def _delay_s(head: bytes) -> float | None:
    """Return the delay that a request asks for, or null where it is none of ours."""
    match head.partition(b"\r\n")[0].split(b" "):
        case [b"GET", path, b"HTTP/1.1"] if path[:1] == b"/" and path[1:].isdigit():
            return min(int(path[1:20]) / 1e9, _LONGEST_S)
    return None


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
