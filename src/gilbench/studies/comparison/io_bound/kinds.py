"""The kinds of I/O that are tried, and how they are written for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gilbench.comparison import FactsPlan

__all__ = [
    "BESIDE",
    "BESIDE_WORKERS",
    "CURVES",
    "HTTP",
    "HTTPX",
    "LABELS",
    "MANY",
    "MANY_AT_ONCE",
    "POSTGRES",
    "READ",
    "SOCKET",
    "SQLITE",
    "SYNC",
    "WRITE",
    "counts",
    "most",
]

HTTP: Final = "http:delay=5ms"
SOCKET: Final = "http:client=socket,delay=5ms"
HTTPX: Final = "http:client=httpx,delay=5ms"
MANY: Final = "http:client=socket,delay=25ms"
WRITE: Final = "file-write"
SYNC: Final = "file-sync"
READ: Final = "file-read"
SQLITE: Final = "sqlite:reads=0.9"
POSTGRES: Final = "postgres:reads=0.9"

CURVES: Final = (HTTP, WRITE, SYNC, READ, SQLITE)
"""Those that are tried with every number of workers."""

BESIDE: Final = (HTTP, READ)
"""Those that are tried beside a worker that computes."""

BESIDE_WORKERS: Final = 2
"""How many do I/O there. With more, a small machine would lack the cores for it anyway."""

MANY_AT_ONCE: Final = 32
"""How many requests are under way at once where there are to be many."""

LABELS: Final[Mapping[str, str]] = {
    HTTP: "HTTP, 5 ms",
    SOCKET: "HTTP by sockets, 5 ms",
    HTTPX: "HTTP by httpx, 5 ms",
    MANY: "HTTP by sockets, 25 ms",
    WRITE: "file write, 64 KiB",
    SYNC: "file sync, 4 KiB",
    READ: "file read, 64 KiB",
    SQLITE: "SQLite, 10 % writes",
    POSTGRES: "PostgreSQL, 10 % writes",
}
"""What each is called in tables, in their order there."""

# Who waits takes no core: there can be more of them. With too many, starting them takes most of the
# time.
_EACH_CORE: Final = 4
_MOST: Final = 16
_MOST_IN_A_HURRY: Final = 4


def most(plan: FactsPlan) -> int:
    """Return the largest number of workers of each way: more than cores, since they wait."""
    return _MOST_IN_A_HURRY if plan.quick else min(_EACH_CORE * plan.workers, _MOST)


def counts(plan: FactsPlan) -> Sequence[int]:
    """Return the numbers of workers that are tried: one, and doubled up to the largest."""
    largest = most(plan)
    powers = [2**exponent for exponent in range(largest.bit_length())]
    return [*(count for count in powers if count < largest), largest]
