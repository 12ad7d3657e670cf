"""Ctrl-C and SIGTERM: a command that is told to end tidies up, and says by its status who did."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Never

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Terminated", "describe", "exit_status", "termination_interrupts"]


class Terminated(KeyboardInterrupt):
    """SIGTERM came: what Ctrl-C would tidy up is to be tidied up."""


@contextmanager
def termination_interrupts() -> Iterator[None]:
    """Let SIGTERM raise `Terminated` within the block, once; the next one ends the process.

    Where the signal does something else already than to end the process, it goes on doing that.
    """
    if (
        threading.current_thread() is not threading.main_thread()
        or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
    ):
        yield
        return
    signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def describe(interruption: KeyboardInterrupt) -> str:
    """Return what happened, in a word."""
    return "terminated" if isinstance(interruption, Terminated) else "interrupted"


def exit_status(interruption: BaseException | None) -> int:
    """Return 128 and the signal's number: what shells call a program that a signal ended."""
    return 143 if isinstance(interruption, Terminated) else 130


def _terminate(_number: int, _frame: object) -> Never:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    raise Terminated
