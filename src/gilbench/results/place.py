"""Where a run is stored when the user names no file: the user's state folder, kept tidy."""

from __future__ import annotations

import os
import re
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gilbench.errors import InputError

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["KEPT", "Place", "default_place"]

KEPT: Final = 20
"""How many runs the state folder keeps, the new one included."""

_RUN: Final = re.compile(r"run-\d{8}-\d{6}-\d+(-\d+)?\.jsonl")


@dataclass(frozen=True, kw_only=True)
class Place:
    """A new, empty file for one run; `note` tells the user where it had to go otherwise."""

    path: Path
    note: str | None


def default_place(now: datetime) -> Place:
    """Return a new file `run-YYYYmmdd-HHMMSS-PID.jsonl` in the user's state folder.

    Of the runs there only the newest `KEPT` stay. Where that folder cannot be written the file is
    made in the temporary folder, where nothing is removed, and `note` says so. Raises
    `InputError` where neither can be written.
    """
    import platformdirs

    folder = platformdirs.user_state_path("gilbench", appauthor=False)
    stem = f"run-{now:%Y%m%d-%H%M%S}-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        earlier = sorted(path for path in folder.iterdir() if _RUN.fullmatch(path.name))
        path = _make(folder, stem)
    except OSError as error:
        path = _make_temporary(f"gilbench-{stem}")
        note = f"{folder} cannot be written ({error.strerror}): results go to {path}"
        return Place(path=path, note=note)
    for old in earlier[: -(KEPT - 1)]:
        # Another run may have removed it just now, or (Windows) somebody may be reading it.
        with suppress(OSError):
            old.unlink()
    return Place(path=path, note=None)


def _make(folder: Path, stem: str) -> Path:
    """Return a new, empty file in `folder`: made, not only named, so that it is nobody else's."""
    path = folder / f"{stem}.jsonl"
    for attempt in count(2):
        try:
            path.touch(exist_ok=False)
            break
        except FileExistsError:
            path = folder / f"{stem}-{attempt}.jsonl"
    return path


def _make_temporary(stem: str) -> Path:
    try:
        return _make(Path(tempfile.gettempdir()), stem)
    except OSError as error:
        raise InputError(
            f"no folder for results can be written ({error.strerror}): name a file for them"
        ) from error
