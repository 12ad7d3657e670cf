from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gilbench._native import gate, meter
from gilbench.backends.memory import map_gate, private_gate, shared_gate

if TYPE_CHECKING:
    from gilbench._native.gate import GateCapsule


def opens(entrance: GateCapsule) -> bool:
    gate.reset(entrance, 1, 1)
    meter.start(meter.create(entrance, 0, 1000), 10**9)
    return gate.opened_ns(entrance) > 0


def test_each_private_gate_is_another() -> None:
    one, other = private_gate(), private_gate()
    assert gate.address(one) != gate.address(other)
    assert opens(one)
    assert gate.opened_ns(other) == 0


def test_a_shared_gate_is_the_same_wherever_it_is_mapped() -> None:
    with shared_gate() as (entrance, path):
        mapped = map_gate(path)
        assert gate.address(mapped) != gate.address(entrance)
        assert opens(entrance)
        assert gate.opened_ns(mapped) == gate.opened_ns(entrance)


@pytest.fixture(params=["nameless", "named"])
def folder(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where files with a name would stand; on each platform both ways are tried that it has."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    if request.param == "named":
        monkeypatch.delattr(os, "memfd_create", raising=False)
    elif not hasattr(os, "memfd_create"):
        pytest.skip("this platform has no files without a name")
    return tmp_path


def test_its_file_goes_and_the_gate_stays(folder: Path) -> None:
    with shared_gate() as (entrance, path):
        mapped = map_gate(path)
        assert Path(path).exists()
    assert not Path(path).exists()
    assert list(folder.iterdir()) == []
    assert opens(mapped)
    assert gate.opened_ns(entrance) == gate.opened_ns(mapped)


def test_its_file_goes_whatever_happens(folder: Path) -> None:
    with pytest.raises(KeyboardInterrupt), shared_gate() as (_, path):
        raise KeyboardInterrupt
    assert not Path(path).exists()
    assert list(folder.iterdir()) == []


def test_memory_that_cannot_be_had_leaves_no_file(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no memory")

    monkeypatch.setattr("mmap.mmap", refuse)
    with pytest.raises(OSError, match="no memory"), shared_gate():
        pass
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="there it has a name")
def test_on_linux_its_file_never_has_a_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with shared_gate():
        assert list(tmp_path.iterdir()) == []


def test_a_gate_that_is_gone_cannot_be_mapped(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        map_gate(str(tmp_path / "gone"))
