"""This process taken for a host's: a folder that its workers share, and a server that ends."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from gilbench.workloads.io import service
from gilbench.workloads.io.place import HOST

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest


@contextmanager
def taken_for_a_host(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Yield the folder, made; end the server that this process started for it."""
    others = len(service._started)
    folder.mkdir()
    monkeypatch.setenv(HOST, str(folder))
    yield folder
    (folder / service.NAME).unlink(missing_ok=True)
    while len(service._started) > others:
        assert service._started.pop().wait(10) == 0
