"""A channel as anyone would write it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from order import Order


@dataclass(frozen=True, kw_only=True)
class Bare:
    """What each side calls to send and to receive.

    With `push` there is no other side of ours: `send` returns the answer, `push` only sends. With
    `start` the channel has a worker of its own: that starts it, and returns what awaits its end.
    """

    payload: Any
    send: Callable[[Any], Any]
    receive: Callable[[], Any] | None = None
    push: Callable[[Any], Any] | None = None
    far_receive: Callable[[], Any] | None = None
    far_send: Callable[[Any], Any] | None = None
    start: Callable[[Order], Callable[[], object]] | None = None


def data(size: int) -> bytes:
    """Return a payload of so many bytes."""
    return bytes(range(64)) * (size // 64)
