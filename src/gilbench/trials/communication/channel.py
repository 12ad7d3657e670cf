"""What a channel is: the plug point for one kind of way for data between two workers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

__all__ = ["Channel", "ChannelWithFarEnd", "Far", "Near", "near"]


@dataclass(frozen=True, kw_only=True)
class Near:
    """The end of who asks. `send` hands a payload over, and `receive` returns what comes back; it
    is null where `send` itself does so. `push` hands over what nobody answers. `end` lets the other
    end go, which then waits for nothing more.

    All are the primitives themselves, as far as can be: whatever is called between is in a figure.
    """

    send: Callable[[Any], Any]
    receive: Callable[[], Any] | None
    push: Callable[[Any], object]
    end: Callable[[], object]


@dataclass(frozen=True, kw_only=True)
class Far:
    """The end of the peer. `receive` returns null once the other end let it go."""

    receive: Callable[[], Any]
    send: Callable[[Any], object]
    end: Callable[[], object]


class Channel(Protocol):
    """Both directions between this thread and a peer, of one kind."""

    def payload(self, size: int, /) -> Any:
        """Return what is handed over: an object with `size` bytes of data."""

    def near(self, size: int, /) -> Near:
        """Return the end of who asks, for payloads of `size` bytes."""

    def peer(self, control: socket.socket, /) -> tuple[str, tuple[object, ...]] | None:
        """Return what the peer's worker runs: a function, by `module:name`, and its arguments.

        Null where something of the channel answers, and no worker of ours.
        """

    def settle(self) -> None:
        """Give up, in this process, what is the peer's alone: another process has it by now."""

    def close(self) -> None:
        """Let go of all of it; nothing stays behind. May be called with either end broken."""


class ChannelWithFarEnd(Channel, Protocol):
    """A channel that is handed to its peer, which takes the far end of it."""

    def far(self, size: int, /) -> Far:
        """Return the end of the peer, in the peer's worker, for payloads of `size` bytes."""


def near(
    send: Callable[[Any], object], receive: Callable[[], Any], end: Callable[[], object]
) -> Near:
    """Return the end of who asks by sending, and then waits for an answer."""
    return Near(send=send, receive=receive, push=send, end=end)
