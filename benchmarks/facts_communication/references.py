"""A reference that is handed over, and two locks, each way."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bare import Bare, data

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def reference(size: int) -> Iterator[Bare]:
    """Yield such a channel between two threads."""
    there_free, there_full = threading.Lock(), threading.Lock()
    back_free, back_full = threading.Lock(), threading.Lock()
    there_full.acquire()
    back_full.acquire()
    there: Any = None
    back: Any = None

    def send(payload: Any) -> None:
        nonlocal there
        there_free.acquire()
        there = payload
        there_full.release()

    def receive() -> Any:
        back_full.acquire()
        payload = back
        back_free.release()
        return payload

    def far() -> tuple[Callable[[], Any], Callable[[Any], None]]:
        def receive() -> Any:
            there_full.acquire()
            payload = there
            there_free.release()
            return payload

        def send(payload: Any) -> None:
            nonlocal back
            back_free.acquire()
            back = payload
            back_full.release()

        return receive, send

    yield Bare(make=lambda: data(size), send=send, receive=receive, far=far)
