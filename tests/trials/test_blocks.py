from __future__ import annotations

import errno
import os
from pathlib import Path
from types import SimpleNamespace
from typing import NoReturn

import pytest

from gilbench.trials import blocks
from gilbench.trials.tried import NoRoomError, UnavailableError


def test_shared_memory_has_a_size_where_it_is_a_file_system(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    state = SimpleNamespace(f_blocks=16, f_bavail=10, f_frsize=4096)
    monkeypatch.setattr("os.path.ismount", lambda path: path == "/dev/shm")
    monkeypatch.setattr("os.statvfs", lambda _: state, raising=False)
    assert blocks.shared_left() == 40960
    state.f_blocks = state.f_bavail = 0
    assert blocks.shared_left() is None
    monkeypatch.setattr("os.path.ismount", lambda _: False)
    assert blocks.shared_left() is None


def test_a_block_is_gone_afterwards() -> None:
    before = set(Path("/dev/shm").glob("psm_*"))
    with blocks.shared_block(5000) as block:
        assert block.size >= 5000
    assert set(Path("/dev/shm").glob("psm_*")) <= before


def test_where_there_is_no_room_none_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "SharedMemory", None)
    monkeypatch.setattr(blocks, "shared_left", lambda: 4096)
    told = "^no shared memory: 4 KiB of it are left$"
    with pytest.raises(UnavailableError, match=told), blocks.shared_block(4097):
        pass


@pytest.mark.parametrize("number", [errno.ENOENT, errno.EROFS, errno.ENOSPC])
def test_what_the_system_refuses_is_not_to_be_had(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*, create: bool, size: int) -> NoReturn:
        raise OSError(number, os.strerror(number), "/psm_1")

    monkeypatch.setattr(blocks, "SharedMemory", refuse)
    monkeypatch.setattr(blocks, "shared_left", lambda: None)
    told = f"^no shared memory: {os.strerror(number)}$"
    with pytest.raises(UnavailableError, match=told) as caught, blocks.shared_block(1):
        pass
    assert isinstance(caught.value, NoRoomError) is (number == errno.ENOSPC)
