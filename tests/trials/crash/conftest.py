"""A folder for all temporary files of scenes, and what must not be left of them."""

from __future__ import annotations

import os
import sys
import threading
import uuid
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

import gilbench
from gilbench.trials.crash import semaphores
from processes import descriptors
from waiting import becomes_true

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = "GILBENCH_CRASH_TESTED_BY"


def left(token: str) -> list[psutil.Process]:
    """Return the processes that inherited the token, wherever they went."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.environ().get(TOKEN) == token and process.pid != os.getpid():
                found.append(process)
    return found


def named_semaphores(owner: str) -> list[Path]:
    """Return the semaphores that scenes of this owner left."""
    folder = Path("/dev/shm")
    return list(folder.glob(f"sem.gilbench-{owner}*")) if sys.platform == "linux" else []


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Let scenes be played here; nothing may be left of them, neither by name nor by number."""
    token = str(uuid.uuid4())
    package = str(Path(gilbench.__file__).resolve().parents[1])
    monkeypatch.setenv(TOKEN, token)
    monkeypatch.setenv("PYTHONPATH", package)
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.chdir(tmp_path)
    threads, files = threading.active_count(), descriptors()
    yield tmp_path
    assert becomes_true(lambda: not left(token)), left(token)
    assert list(tmp_path.iterdir()) == []
    assert named_semaphores(semaphores.owner()) == []
    assert becomes_true(lambda: threading.active_count() == threads), threading.enumerate()
    assert descriptors() == files
