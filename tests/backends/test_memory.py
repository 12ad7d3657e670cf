from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gilbench._native import gate, meter
from gilbench.backends import memory
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
        mapped = map_gate(str(path))
        assert gate.address(mapped) != gate.address(entrance)
        assert opens(entrance)
        assert gate.opened_ns(mapped) == gate.opened_ns(entrance)


def test_its_file_goes_and_the_gate_stays() -> None:
    with shared_gate() as (entrance, path):
        mapped = map_gate(str(path))
        assert path.exists()
    assert not path.exists()
    assert opens(mapped)
    assert gate.opened_ns(entrance) == gate.opened_ns(mapped)


def test_its_file_goes_whatever_happens() -> None:
    with pytest.raises(KeyboardInterrupt), shared_gate() as (_, path):
        raise KeyboardInterrupt
    assert not path.exists()
    with shared_gate() as (_, path):
        path.unlink()


def test_memory_that_cannot_be_had_leaves_no_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no memory")

    monkeypatch.setattr(memory, "_SHARED_MEMORY", tmp_path)
    monkeypatch.setattr("mmap.mmap", refuse)
    with pytest.raises(OSError, match="no memory"), shared_gate():
        pass
    assert list(tmp_path.iterdir()) == []


def test_it_stands_in_memory_where_that_is_a_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(memory, "_SHARED_MEMORY", tmp_path)
    with shared_gate() as (_, path):
        assert path.parent == tmp_path
        assert path.name.startswith("gilbench-gate-")
    monkeypatch.setattr(memory, "_SHARED_MEMORY", tmp_path / "not there")
    with shared_gate() as (_, path):
        assert path.parent == Path(tempfile.gettempdir())


def test_a_gate_that_is_gone_cannot_be_mapped(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        map_gate(str(tmp_path / "gone"))
