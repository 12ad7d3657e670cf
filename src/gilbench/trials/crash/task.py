"""What the workers of a scene are given to do.

Each is told apart by the process and the thread that it is in.
"""

from __future__ import annotations

import os
import threading
from typing import Final

from gilbench._native import clock
from gilbench.trials.crash.failure import Failure, prepared
from gilbench.trials.crash.sign import await_sign, give, look

__all__ = ["FAILING", "GO", "OVER", "RUNNING", "SURVIVED", "did", "fail", "neighbour", "small"]

RUNNING: Final = "running"
"""The sign that the neighbour is at work, and who it is."""
GO: Final = "go"
"""The sign that the failure may come."""
FAILING: Final = "failing"
"""The sign that it comes now: the time, who fails, and by what."""
SURVIVED: Final = "survived"
"""The sign that it did not come."""
OVER: Final = "over"
"""The sign that nobody waits for the failure any longer."""

_SECONDS_TO_WAIT: Final = 30


def neighbour(folder: str, bytes_wanted: int, name: str) -> None:
    """Be at work while another worker fails; then go on, with so much memory."""
    give(folder, RUNNING, _identity())
    await_sign(folder, OVER, _SECONDS_TO_WAIT)
    small(folder, bytes_wanted, name)


def fail(folder: str, failure: str) -> None:
    """Fail, when it is time."""
    act = prepared(Failure(failure))
    await_sign(folder, GO, _SECONDS_TO_WAIT)
    give(folder, FAILING, f"{clock.now_ns()} {_identity()} {act.by}")
    act.call()
    give(folder, SURVIVED, "it did")


def small(folder: str, bytes_wanted: int, name: str) -> None:
    """Do what is soon done, with so much memory, and leave a sign of that name."""
    bytes(bytes_wanted)
    give(folder, _sign(name), "done")


def did(folder: str, name: str) -> bool:
    """Return whether a task was done indeed, whatever its caller was told."""
    return look(folder, _sign(name)) is not None


def _sign(name: str) -> str:
    return f"done-{name}"


def _identity() -> str:
    return f"{os.getpid()}/{threading.get_ident()}"
