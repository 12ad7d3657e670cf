"""A channel as anyone would write it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from order import Order


@dataclass(frozen=True, kw_only=True)
class Bare:
    """What this side calls to send and to receive, and what returns a new payload.

    `far` returns what the other side calls to receive and to send. It is called there: without a
    GIL, what another thread made takes longer to call. With `push` there is no other side of ours:
    `send` returns the answer, `push` only sends. With `start` the channel has a worker of its own:
    that starts it, and returns what awaits its end.
    """

    make: Callable[[], Any]
    send: Callable[[Any], Any]
    receive: Callable[[], Any] | None = None
    push: Callable[[Any], Any] | None = None
    far: Callable[[], tuple[Callable[[], Any], Callable[[Any], Any]]] | None = None
    start: Callable[[Order], Callable[[], object]] | None = None


def data(size: int) -> bytes:
    """Return a payload of so many bytes."""
    return bytes(range(64)) * (size // 64)
