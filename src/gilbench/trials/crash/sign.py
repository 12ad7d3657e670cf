"""Signs between the caller and its workers: files in a folder, which whatever worker can reach.

A worker may be a thread, a subinterpreter or a process however started: a path is all that each of
them can be handed.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import Final

__all__ = ["await_sign", "give", "look"]

_SECONDS_BETWEEN_LOOKS: Final = 0.001


def give(folder: str, name: str, text: str) -> None:
    """Give the sign `name`, which says `text`."""
    descriptor = os.open(os.path.join(folder, name), os.O_WRONLY | os.O_CREAT, 0o600)  # noqa: PTH118
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)


def look(folder: str, name: str) -> str | None:
    """Return what a sign says, or null where it has not been given."""
    with suppress(FileNotFoundError), open(os.path.join(folder, name), encoding="utf-8") as file:  # noqa: PTH118, PTH123
        return file.read() or None
    return None


def await_sign(folder: str, name: str, seconds: float) -> str:
    """Return what a sign says, once it has been given. Raises TimeoutError."""
    give_up = time.monotonic() + seconds
    while (text := look(folder, name)) is None:
        if time.monotonic() > give_up:
            raise TimeoutError(f"there was no sign {name!r} for {seconds:g} s")
        time.sleep(_SECONDS_BETWEEN_LOOKS)
    return text
